/** Markup that is written as it stands. Only `html` and `styleElement` make it, so no text of the data can become one. */
export class Markup {
  private constructor(private readonly text: string) {}

  /** The template's own text as it stands, each value escaped. */
  static of(strings: TemplateStringsArray, values: readonly Content[]): Markup {
    const [first = '', ...rest] = strings;
    return new Markup(rest.reduce((text, part, index) => text + write(values[index]) + part, first));
  }

  static style(css: string): Markup {
    if (css.includes('<')) throw new TypeError('The style sheet holds a <, which could end its element');
    return new Markup(`<style>${css}</style>`);
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand between the parts of a template; nothing is written for null, undefined and false. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/**
 * The only way to markup: every value is escaped for text and for quoted attributes. Values may stand where text stands
 * and inside quotes, nowhere else.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.of(strings, values);
}

/**
 * A `style` element with the project's own style sheet, to the byte: a policy names it by the hash of `css`. No text of
 * the data belongs into one.
 *
 * @throws TypeError when it holds a <, which could end the element.
 */
export function styleElement(css: string): Markup {
  return Markup.style(css);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
// C0 and C1 controls and half characters have no place in a page; marks that turn the direction of text could show a name as another one
// (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing)
const UNSEEN = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;

/** Text as it is written into a page. */
export function escape(text: string): string {
  const seen = text.replace(UNSEEN, '\uFFFD');
  return seen.replace(/[&<>"'`]/gu, (character) => ENTITIES[character] ?? character);
}

function write(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  return value.map(write).join('');
}
