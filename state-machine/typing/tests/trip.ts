/** A made-up service that books trips: what the machines of these tests call. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, type Finding, loadContracts, readSource } from '../src';

export const CONTRACTS = loadContracts(
  join(__dirname, 'trip.contracts.json'),
  join(__dirname, 'trip.template.json'),
);

export const findingsIn = (text: string, strict = false): readonly Finding[] =>
  check(readSource('machine', text), CONTRACTS, { strict }).findings;

/** The machines of a file, between `---`, each with its title from the comment in front. */
export function machinesIn(file: string): { title: string; text: string }[] {
  const documents = readFileSync(file, 'utf8').split(/^---\n/m);
  return documents.map((document) => {
    const [first = '', ...lines] = document.split('\n');
    return { title: first.replace(/^# /, ''), text: lines.join('\n') };
  });
}
