import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { datasetNames } from '../../../src/contract/contracts';
import { alarmResources } from '../../../src/generate/alarmResources';

const root = path.resolve(__dirname, '../../..');
const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Sections of the runbook by the anchor that a browser finds them under. */
const sections = new Map(
  text('docs/runbook.md')
    .split(/^## /m)
    .slice(1)
    .map((section) => [anchorOf(section.split('\n')[0] ?? ''), section]),
);

function anchorOf(heading: string): string {
  return heading.trim().toLowerCase().replaceAll(' ', '-');
}

/** Where the descriptions of all alarms link to. */
function linked(): string[] {
  const written = (
    parse(text('resources/alarms.yml'), { merge: true }) as { Resources: Record<string, Alarm> }
  ).Resources;
  const generated = alarmResources(datasetNames, ['detectArrival']) as unknown as Record<string, Alarm>;
  return Object.values({ ...written, ...generated })
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties.AlarmDescription.split('#')[1] ?? '');
}

interface Alarm {
  readonly Type: string;
  readonly Properties: { readonly AlarmDescription: string };
}

/** What also alerts and is no alarm: the state machine's message, and the budget. */
const OTHERS = ['batch-needs-attention', 'budget', 'erasure', 'maintenance'];

describe('the runbook', () => {
  test('has a section for every alarm, and none for an alarm that is no more', () => {
    expect([...sections.keys()].sort()).toEqual([...new Set([...linked(), ...OTHERS])].sort());
  });

  test.each([...sections.keys()])(
    'says of %s what it means, where to look, what to do and how to verify',
    (anchor) => {
      const parts = [...(sections.get(anchor) ?? '').matchAll(/^\*\*(.+?)\.\*\* \S/gm)].map(
        ([, part]) => part,
      );
      expect(parts).toEqual(['Meaning', 'First look', 'Fix', 'Verify']);
    },
  );

  test('links only to sections that it has', () => {
    const links = [...text('docs/runbook.md').matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) =>
      String(anchor),
    );
    expect(links.filter((anchor) => !sections.has(anchor))).toEqual([]);
  });
});
