import { MAX_ROUNDS } from '#event-sourcing/settlement.js';
import type { Knowledge } from './knowledge.js';

/**
 * What is wrong with the chains of reactions that settle with the fact: a circle, or more commands in a row than a settlement
 * decides. Each chain is written as its commands.
 */
export function endlessChains({ reactions, eventsOf }: Pick<Knowledge, 'reactions' | 'eventsOf'>): string[] {
  const withTheFact = reactions.filter(({ settles }) => settles === 'with');
  const sentOn = (event: string): string[] => withTheFact.flatMap(({ hears, does }) => (hears.includes(event) ? does.commands : []));
  const found = new Set<string>();
  const follow = (command: string, before: readonly string[]): void => {
    const chain = [...before, command];
    if (before.includes(command)) found.add(`goes in a circle: ${chain.slice(before.indexOf(command)).join(' -> ')}`);
    else if (chain.length > MAX_ROUNDS) found.add(`is longer than ${MAX_ROUNDS}: ${chain.join(' -> ')}`);
    else for (const event of eventsOf.get(command) ?? []) for (const next of sentOn(event)) follow(next, chain);
  };
  for (const command of eventsOf.keys()) follow(command, []);
  return [...found];
}
