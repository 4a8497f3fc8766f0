import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import { JSDOM } from 'jsdom';
import { type Facts } from '../../../src/report/facts';
import { report } from '../../../src/report/model/report';
import { renderPage } from '../../../src/report/page/page';
import { batch, facts, hostile } from './fixture';

const GOLDEN = path.join(__dirname, 'golden', 'report.html');

const pageOf = (of: Facts): Promise<string> => renderPage(report(of));

async function accessibility(page: string): Promise<AxeResults['violations']> {
  const { window } = new JSDOM(page, { runScripts: 'outside-only' });
  window.eval(axe.source);
  // there is no layout here, so nothing can be measured of colours; style.test.ts does
  const { run } = window['axe'] as typeof axe;
  const { violations } = await run(window.document, {
    rules: { 'color-contrast': { enabled: false } },
  });
  return violations;
}

describe('the page of a report', () => {
  it('is to the byte what was agreed (UPDATE_GOLDEN=1 writes it anew)', async () => {
    const page = await pageOf(facts());
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(GOLDEN, page);
    expect(existsSync(GOLDEN)).toBe(true);
    expect(page).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it.each([
    ['of a day', facts()],
    [
      'of nothing',
      facts({ control: undefined, batches: [], files: [], run: undefined, rejects: [], samples: [] }),
    ],
    ['of a batch that stopped', facts({ batches: [batch(3, 'OPEN', { lastError: 'driver lost' })] })],
  ])('%s breaks no accessibility rule of axe-core', async (_, of) => {
    expect(await accessibility(await pageOf(of))).toEqual([]);
  });

  it('loads nothing, runs nothing, and its policy names its one style sheet', async () => {
    const { document } = new JSDOM(await pageOf(facts())).window;
    expect(document.querySelectorAll('script, link, img, iframe, object, form')).toHaveLength(0);
    expect(document.querySelectorAll('[style], [src], [onclick]')).toHaveLength(0);
    const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
    expect(links.every((link) => link.startsWith('#') && document.querySelector(link) !== null)).toBe(true);
    const policy = document.querySelector('meta[http-equiv]')!.getAttribute('content')!;
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'/u);
    const css = new TextEncoder().encode(document.querySelector('style')!.textContent);
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', css)).toString('base64');
    expect(policy).toContain(hash);
  });

  it('says what every column, table and picture is', async () => {
    const { document } = new JSDOM(await pageOf(facts())).window;
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent.trim()).toBeTruthy();
      for (const head of table.querySelectorAll('th')) expect(head.getAttribute('scope')).toBeTruthy();
    }
    for (const picture of document.querySelectorAll('svg:not([aria-hidden])')) {
      expect(picture.querySelector('title')?.textContent).toBeTruthy();
    }
    for (const scrolling of document.querySelectorAll('.scroll')) {
      expect(scrolling.getAttribute('tabindex')).toBe('0');
      expect(scrolling.getAttribute('role')).toBe('region');
    }
  });

  it('shows every state of a file, a batch and a machine by a word, not by colour alone', async () => {
    const { document } = new JSDOM(await pageOf(facts())).window;
    for (const badge of document.querySelectorAll('.badge')) {
      expect(badge.textContent.replace(/[^A-Za-z]/gu, '')).toBeTruthy();
    }
    for (const state of document.querySelectorAll('.machine .state')) {
      expect(state.querySelector('title')?.textContent).toMatch(
        /: (done|caught|failed|running|not entered)/u,
      );
    }
  });

  it('lets no name, cell, reason or error of the data become markup', async () => {
    const page = await pageOf(hostile());
    const { document } = new JSDOM(page).window;
    expect(document.querySelectorAll('script, img')).toHaveLength(0);
    expect(document.querySelectorAll('style')).toHaveLength(1);
    const attributes = [...document.querySelectorAll('*')].flatMap((element) => element.getAttributeNames());
    expect(attributes.filter((name) => name.startsWith('on'))).toEqual([]);
    const elements = (text: string): number =>
      new JSDOM(text).window.document.querySelectorAll('main *').length;
    const harmless = page.replaceAll(
      '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/td&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;',
      'plain',
    );
    expect(harmless).not.toContain('onerror');
    expect(elements(page)).toBe(elements(harmless));
    expect(await accessibility(page)).toEqual([]);
  });
});
