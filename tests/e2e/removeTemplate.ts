/** After the last test file. */
import { rmSync } from 'node:fs';
import { TEMPLATE } from './command';

export default function removeTemplate(): void {
  rmSync(process.env[TEMPLATE] ?? '', { recursive: true, force: true });
}
