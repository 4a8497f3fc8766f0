import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { html, styleElement } from '../../../src/report/html';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></svg><b>',
  '<!--',
  ']]>',
  '&lt;b&gt;',
  '\u202Evsc.exe',
  '\uD800',
  '\u0000\u001b[31m',
  '` onload=`',
];
const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...hostile, '&', '=', '/'), { maxLength: 4 }).map((parts) => parts.join('')),
);
/** What the page does not show as it is: controls, marks of direction, half characters. */
const unseen = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;
/** As a person is shown it; a parser turns a carriage return into a line feed. */
const shown = (value: string): string => value.replace(unseen, '\uFFFD').replace(/\r\n?/gu, '\n');

describe('markup', () => {
  it('keeps any text a text and any attribute one attribute', () => {
    fc.assert(
      fc.property(text, text, (inside, attribute) => {
        const fragment = JSDOM.fragment(
          html`<p title="${attribute}">${inside}</p>
            <svg><title>${inside}</title></svg>`.toString(),
        );
        const [paragraph, svg] = fragment.children;
        expect(fragment.children).toHaveLength(2);
        expect(paragraph!.attributes).toHaveLength(1);
        expect(paragraph!.getAttribute('title')).toBe(shown(attribute));
        expect(paragraph!.children).toHaveLength(0);
        expect(paragraph!.textContent).toBe(shown(inside));
        expect(svg!.querySelectorAll('*')).toHaveLength(1);
      }),
    );
  });

  it('writes markup within markup as it stands, and nothing for null and false', () => {
    const items = ['a', '<b>'].map((item) => html`<b>${item}</b>`);
    expect(html`<p>${items}${null}${false}${undefined}${0}</p>`.toString()).toBe(
      '<p><b>a</b><b>&lt;b&gt;</b>0</p>',
    );
  });

  it('refuses a style sheet that could end its element', () => {
    expect(() => styleElement('a{}</style><script>')).toThrow(TypeError);
  });
});
