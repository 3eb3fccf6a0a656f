import { MAX_ROUNDS } from '#event-sourcing/settlement.js';
import type { Knowledge } from './knowledge.js';

/**
 * Circles that end by themselves, with the reason: a request for payment that must be admitted first comes back admitted, and is
 * not sent again (decision 0021).
 */
const ENDING = [['AdmitInvoice', 'RequestPayment']];

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
    if (before.includes(command) && endsByItself(chain.slice(before.indexOf(command) + 1))) return;
    if (before.includes(command)) found.add(`goes in a circle: ${chain.slice(before.indexOf(command)).join(' -> ')}`);
    else if (chain.length > MAX_ROUNDS) found.add(`is longer than ${MAX_ROUNDS}: ${chain.join(' -> ')}`);
    else for (const event of eventsOf.get(command) ?? []) for (const next of sentOn(event)) follow(next, chain);
  };
  for (const command of eventsOf.keys()) follow(command, []);
  return [...found];
}

const endsByItself = (circle: readonly string[]): boolean => ENDING.some((known) => known.join() === circle.toSorted().join());
