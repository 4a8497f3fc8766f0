import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import { type Facts } from '../../src/report/facts';
import { report } from '../../src/report/model/report';
import { renderPage } from '../../src/report/page/page';
import { batch, facts, hostile } from '../unit/report/fixture';
import { Chromium, findChromium, HOW_TO_GET } from './chromium';

jest.setTimeout(60_000);

const program = findChromium();
if (program === undefined) process.stderr.write(`The report is not tested in a browser: ${HOW_TO_GET}.\n`);

const DESK = { width: 1280, height: 900, mobile: false };
const PHONE = { width: 360, height: 740, mobile: true };
const NOTHING = { control: undefined, batches: [], files: [], run: undefined, rejects: [], samples: [] };
const PAGES: readonly (readonly [string, Facts])[] = [
  ['of a day', facts()],
  ['of nothing', facts(NOTHING)],
  ['of a batch that stopped', facts({ batches: [batch(3, 'OPEN', { lastError: 'driver lost' })] })],
  ['of data that is markup', hostile()],
];
const EVERY = PAGES.flatMap(([name, of]) => [
  ...[DESK, PHONE].flatMap((screen) =>
    (['light', 'dark'] as const).map((scheme) => ({ name, of, screen, scheme, width: screen.width })),
  ),
]);

(program === undefined ? describe.skip : describe)('the report in a browser', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lakehouse-report-'));
  const file = path.join(folder, 'report.html');
  let browser: Chromium;

  beforeAll(() => {
    browser = new Chromium(program!);
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function show(
    of: Facts,
    { screen = DESK, scheme = 'light', bypassPolicy = false } = {},
  ): Promise<void> {
    writeFileSync(file, await renderPage(report(of)));
    await browser.newPage();
    await browser.ask('Emulation.setDeviceMetricsOverride', { ...screen, deviceScaleFactor: 1 });
    await browser.ask('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
    await browser.ask('Page.setBypassCSP', { enabled: bypassPolicy });
    await browser.open(pathToFileURL(file).href);
  }

  const unfold = (): Promise<unknown> =>
    browser.value(`document.querySelectorAll('details').forEach((part) => { part.open = true; })`);

  const press = async (key: string, code: number, text?: string): Promise<void> => {
    const event = { key, code: key, windowsVirtualKeyCode: code };
    await browser.ask('Input.dispatchKeyEvent', { type: 'keyDown', ...event, ...(text && { text }) });
    await browser.ask('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  };

  const toldOf = (...methods: string[]): unknown[] =>
    browser.told.filter(({ method }) => methods.includes(method)).map(({ params }) => params);

  it.each(EVERY)(
    '$name, $width wide, $scheme: breaks no rule of axe-core, contrast included',
    async (page) => {
      await show(page.of, page);
      // what is folded away is not rendered, and not looked at
      await unfold();
      await browser.value(`${axe.source}; undefined`);
      const { violations, passes } = await browser.value<AxeResults>('axe.run(document)');
      expect(
        violations.map(({ id, nodes }) => [id, nodes.map(({ failureSummary }) => failureSummary)]),
      ).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
    },
  );

  it.each(EVERY)('$name, $width wide, $scheme: nothing runs over the edge', async (page) => {
    await show(page.of, page);
    await unfold();
    expect(
      await browser.value<number>(
        'document.scrollingElement.scrollWidth - document.documentElement.clientWidth',
      ),
    ).toBe(0);
  });

  it.each(PAGES)('%s: asks the network for nothing, and the console has nothing to say', async (_, of) => {
    await show(of);
    const requests = toldOf('Network.requestWillBeSent') as { request: { url: string } }[];
    expect(requests.map(({ request }) => request.url)).toEqual([pathToFileURL(file).href]);
    expect(toldOf('Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded')).toEqual([]);
  });

  it('would tell of a request, an error and a script: what is asked above can be answered otherwise', async () => {
    writeFileSync(file, '<img src="nothing.png"><script>console.error("said"); alert(1)</script>');
    await browser.newPage();
    const dialog = browser.toldNext('Page.javascriptDialogOpening');
    void browser.open(pathToFileURL(file).href);
    await dialog;
    await browser.ask('Page.handleJavaScriptDialog', { accept: true });
    expect(toldOf('Network.requestWillBeSent').length).toBeGreaterThan(1);
    expect(toldOf('Runtime.consoleAPICalled')).toHaveLength(1);
  });

  it('runs nothing that the data holds, even where no policy would stop it', async () => {
    await show(hostile(), { bypassPolicy: true });
    await browser.value(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    expect(toldOf('Page.javascriptDialogOpening', 'Runtime.exceptionThrown')).toEqual([]);
    expect(toldOf('Network.requestWillBeSent')).toHaveLength(1);
    expect(await browser.value('document.querySelectorAll("script, img, iframe").length')).toBe(0);
    expect(await browser.value('document.body.innerText.includes("onerror=alert(1)")')).toBe(true);
  });

  it('is dark where that is asked for', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    await show(facts());
    const light = await browser.value(ground);
    await show(facts(), { scheme: 'dark' });
    expect(await browser.value(ground)).not.toBe(light);
  });

  it('lets the keyboard reach everything that can be followed, opened or scrolled, in its order, and shows where it is', async () => {
    await show(facts());
    await unfold();
    const reachable = 'a[href], summary, [tabindex="0"]';
    const expected = await browser.value<number>(
      `[...document.querySelectorAll('${reachable}')].map((one, at) => { one.dataset.at = at; }).length`,
    );
    const reached: unknown[] = [];
    for (let step = 0; step < expected; step++) {
      await press('Tab', 9);
      const at = `(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return [Number(document.activeElement.dataset.at), outlineStyle !== 'none' && outlineWidth !== '0px'];
      })()`;
      reached.push(await browser.value(at));
    }
    expect(expected).toBeGreaterThan(10);
    expect(reached).toEqual(Array.from({ length: expected }, (_, at) => [at, true]));
  });

  it('has its skip link come into sight at the first step, and leads to the content', async () => {
    await show(facts());
    await press('Tab', 9);
    const top = 'document.activeElement.getBoundingClientRect().top';
    expect(await browser.value<number>(top)).toBeGreaterThanOrEqual(0);
    await press('Enter', 13, '\r');
    expect(await browser.value('document.activeElement.id')).toBe('main');
  });
});
