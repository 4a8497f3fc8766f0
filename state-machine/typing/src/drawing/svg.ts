import { instance } from '@viz-js/viz';
import type { Verdict } from '../check';
import { toDot } from './dot';

/** The machine as an SVG document; the same definition gives the same bytes. */
export async function drawMachine(verdict: Verdict): Promise<string> {
  const viz = await instance();
  return viz.renderString(toDot(verdict), { format: 'svg', engine: 'dot' }).trim();
}
