import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleElement } from '../html';

const css = readFileSync(join(__dirname, 'style.css'), 'utf8');

/** The style sheet of the report, as its element. */
export const style = styleElement(css);

/** How a Content-Security-Policy names the style sheet: https://www.w3.org/TR/CSP3/#framework-directive-source-list */
export const styleSource = `'sha256-${createHash('sha256').update(css).digest('base64')}'`;
