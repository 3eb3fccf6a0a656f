import { fieldCodes } from '#platform/http/field-codes.js';
import type { KnownProblem } from '#platform/openapi/known-problems.js';
import type { Knowledge } from './knowledge.js';
import { code, codes, page, sentence, source, table, title } from './markdown.js';

/** The generated pages by file name. */
export function catalogues(known: Knowledge, problems: readonly KnownProblem[]): Record<string, string> {
  return {
    'commands.md': commands(known),
    'events.md': events(known),
    'flows.md': flows(known),
    'read-models.md': readModels(known),
    'problems.md': problemCodes(problems),
    'contexts.md': contexts(known),
  };
}

function commands(known: Knowledge): string {
  const about = 'Everything that can be asked of the system: who asks it, and the events that may follow.';
  return page(
    'Commands',
    about,
    ...known.contexts.flatMap(({ name, deciders = [] }) =>
      deciders.flatMap(({ category, decisions }) => [
        `## ${title(name)}: ${category}`,
        ...decisions.map(({ command: { type }, facts }) => {
          const message = known.messages.get(type)!;
          const rows = [
            ['Sent by', sendersOf(known, type)],
            ['May record', codes(known.eventsOf.get(type) ?? [])],
            ...(facts ? [['Decides with', 'its stream and facts from the read models of its context']] : []),
          ];
          return `### ${type}\n\n${described(message.comment)}${source(`${message.path.split('/').at(-1)}`, message.path)}\n\n${table(['', ''], rows)}\n\n${typescript(message.shape)}`;
        }),
      ]),
    ),
  );
}

function sendersOf(known: Knowledge, type: string): string {
  const endpoints = known.senders.filter(({ commands }) => commands.includes(type)).map(({ name, path }) => source(code(name), path));
  const reactions = known.reactions.filter(({ does }) => does.commands.includes(type)).map(({ name, path }) => source(code(name), path));
  const timers = known.reactions.flatMap(({ does, path }) =>
    does.timers.filter(({ commands }) => commands.includes(type)).map(({ name }) => source(`the timer ${code(name)}`, path)),
  );
  return [...endpoints, ...reactions, ...timers].join(', ') || 'nobody yet';
}

function events(known: Knowledge): string {
  const about =
    'The facts that are stored, for ever. The shapes are those of the stored JSON: an amount is a text of minor units with its currency, ' +
    'an id is a UUID, an `Instant` is `2026-01-31T12:00:00.000Z`.';
  return page(
    'Events',
    about,
    ...known.contexts.flatMap(({ name, deciders = [] }) =>
      deciders.flatMap(({ category, events: declared }) => [
        `## ${title(name)}: ${category}`,
        ...declared.map(({ type, schemaVersion }) => {
          const message = known.messages.get(type)!;
          const heard = hearersOf(known, type);
          const rows = [
            ['Schema version', String(schemaVersion)],
            ['Recorded by', codes([...known.eventsOf].filter(([, recorded]) => recorded.includes(type)).map(([command]) => command))],
            ['Heard by', heard.length === 0 ? '–' : heard.join(', ')],
          ];
          return `### ${type}\n\n${described(message.comment)}${source(message.path.split('/').at(-1)!, message.path)}\n\n${table(['', ''], rows)}\n\n${typescript(message.shape)}`;
        }),
      ]),
    ),
  );
}

function hearersOf(known: Knowledge, type: string): string[] {
  const reactions = known.reactions.filter(({ hears }) => hears.includes(type)).map(({ name, path }) => source(code(name), path));
  const tables = known.contexts.flatMap(({ readModels: models = [] }) =>
    models.filter(({ hears }) => hears.includes(type)).map(({ table: name }) => code(name)),
  );
  const books = known.contexts
    .filter(({ postings = [] }) => postings.some(({ hears }) => hears.some((event) => event.type === type)))
    .map(() => 'the ledger');
  return [...reactions, ...tables, ...books];
}

function flows(known: Knowledge): string {
  const about =
    'What follows from what. *With* the fact: in the same transaction, all or nothing. *After* it: by the relay, durable and in order. ' +
    'A timer is a row that is due; a job is work outside the database.';
  return page(
    'Flows',
    about,
    ...known.contexts
      .filter(({ name }) => known.reactions.some(({ context }) => context === name))
      .map(({ name }) => {
        const rows = known.reactions
          .filter(({ context }) => context === name)
          .map(({ hears, settles, name: reaction, path, does }) => [
            codes(hears),
            settles,
            source(sentence(reaction), path),
            effects(does),
          ]);
        return `## ${title(name)}\n\n${table(['When', 'Settles', 'Reaction', 'Then'], rows)}`;
      }),
  );
}

function effects({ commands, timers, canceledTimers, jobs }: Knowledge['reactions'][number]['does']): string {
  const done = [
    ...commands.map(code),
    ...timers.map(({ name, commands: due }) => `timer ${code(name)}: ${codes(due)}`),
    ...canceledTimers.map((name) => `no more timer ${code(name)}`),
    ...jobs.map((kind) => `job ${code(kind)}`),
  ];
  return done.join('<br>') || '–';
}

function readModels(known: Knowledge): string {
  const about =
    'The tables that follow from events. Each is keyed by `(bucket, id)`, written in the transaction of the event, and can be built anew.';
  return page(
    'Read models',
    about,
    ...known.contexts
      .filter(({ readModels: models = [] }) => models.length > 0)
      .flatMap(({ name, readModels: models = [] }) => [
        `## ${title(name)}`,
        ...models.map(({ table: tableName, columns, hears, tracksVersion }) => {
          const all = [...Object.entries(columns), ...(tracksVersion ? [['version', 'bigint'] as const] : [])];
          return `### ${tableName}\n\nFollows ${codes(hears)}.\n\n${table(
            ['Column', 'Type'],
            all.map(([column, type]) => [code(column), type]),
          )}`;
        }),
      ]),
  );
}

function problemCodes(problems: readonly KnownProblem[]): string {
  const about =
    'Every code that a problem document (REST) or `extensions.code` (GraphQL) can have. Codes are stable; titles and hints are for people.';
  return page(
    'Problems',
    about,
    table(
      ['Code', 'Status', 'Title', 'What to do'],
      problems.map(({ code: name, status, title: text, hint }) => [code(name), String(status), text, hint]),
    ),
    '## Wrong places',
    'The codes in `errors` of `validation_failed`, one for each wrong place. Other problems repeat their own code there.',
    table(
      ['Code', 'What is asked for'],
      Object.entries(fieldCodes).map(([name, meaning]) => [code(name), meaning]),
    ),
  );
}

/** Who hears whom, drawn by any viewer that knows Mermaid. */
function contexts(known: Knowledge): string {
  const home = new Map(
    known.contexts.flatMap(({ name, deciders = [] }) =>
      deciders.flatMap(({ events: declared }) => declared.map(({ type }) => [type, name] as const)),
    ),
  );
  const owner = new Map(
    known.contexts.flatMap(({ name, deciders = [] }) =>
      deciders.flatMap(({ decisions }) => decisions.map(({ command }) => [command.type, name] as const)),
    ),
  );
  const heard = known.contexts.flatMap(({ name, readModels: models = [] }) => [
    ...models.flatMap(({ hears }) => hears.map((type) => ({ from: home.get(type), to: name, type }))),
    ...known.reactions
      .filter(({ context }) => context === name)
      .flatMap(({ hears }) => hears.map((type) => ({ from: home.get(type), to: name, type }))),
  ]);
  const sent = known.reactions.flatMap(({ context, does }) => does.commands.map((type) => ({ from: context, to: owner.get(type), type })));
  const about = 'A full arrow is an event that the context at its end hears; a dotted one a command that a saga sends to another context.';
  const named = known.contexts.map(({ name }) => name).filter((name) => heard.some(({ from, to }) => from === name || to === name));
  const lines = [...arrows(heard, '-->'), ...arrows(sent, '-.->')];
  return page(
    'Contexts',
    about,
    ['```mermaid', 'flowchart LR', ...named.map((name) => `  ${name}[${title(name)}]`), ...lines, '```'].join('\n'),
  );
}

function arrows(links: readonly { from: string | undefined; to: string | undefined; type: string }[], arrow: string): string[] {
  const labels = new Map<string, Set<string>>();
  for (const { from, to, type } of links) {
    if (!from || !to || from === to) continue;
    const ends = `${from} ${arrow}|@| ${to}`;
    labels.set(ends, (labels.get(ends) ?? new Set()).add(type));
  }
  return [...labels].map(([ends, types]) => `  ${ends.replace('@', [...types].sort().join('<br>'))}`).sort();
}

const described = (comment: string): string => (comment ? `${comment} ` : '');
const typescript = (shape: string): string => `\`\`\`ts\n${shape}\n\`\`\``;
