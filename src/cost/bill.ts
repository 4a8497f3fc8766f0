import list from './prices.json';

/** What AWS charges for, besides data processing units by a price of the list. */
export type PriceName = keyof typeof list.prices;

/** Amounts of what is charged for; DPU-seconds with Glue's minimum of a minute a run. */
export type Usage = Readonly<Record<PriceName | 'dpuSeconds', number>>;

export interface BillLine {
  readonly what: string;
  readonly amount: number;
  readonly usd: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly usd: number;
}

const SECONDS_PER_HOUR = 3_600;

/** The region and the day of the list prices, and where they come from. */
export const priceList = {
  region: list.region,
  asOf: list.asOf,
  sources: [...new Set(Object.values(list.prices).map(({ source }) => source))],
};

const isPriceName = (name: string): name is PriceName => name in list.prices;

/**
 * What the usage costs at the list prices, without free tiers, storage and data transfer, dearest first.
 *
 * @param dpuHourUsd of a data processing unit, which is a parameter of the stage
 */
export function billFor(usage: Partial<Usage>, dpuHourUsd: number): Bill {
  const lines = Object.entries(usage).map(([name, amount]): BillLine => {
    if (!isPriceName(name)) {
      return { what: 'Glue, DPU-seconds', amount, usd: (amount * dpuHourUsd) / SECONDS_PER_HOUR };
    }
    const { what, usd, per } = list.prices[name];
    return { what, amount, usd: (amount * usd) / per };
  });
  return {
    lines: lines.toSorted((a, b) => b.usd - a.usd),
    usd: lines.reduce((sum, line) => sum + line.usd, 0),
  };
}
