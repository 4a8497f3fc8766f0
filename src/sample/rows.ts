import { type Faker } from '@faker-js/faker';
import { type DatasetName } from '../contract/contracts';

/**
 * What the generated rows look like. The only file of the generator that names columns; a test resolves them against
 * the contracts.
 */

/** A row as text cells by column name; a null stands as the empty text. */
export type Row = Readonly<Record<string, string>>;

/** Columns in the order of the generated files. */
export const sampleColumns = {
  products: ['product_id', 'department_id', 'department', 'product_name'],
  orders: ['order_num', 'order_id', 'user_id', 'order_timestamp', 'total_amount', 'date'],
  order_items: [
    'id',
    'order_id',
    'user_id',
    'days_since_prior_order',
    'product_id',
    'add_to_cart_order',
    'reordered',
    'order_timestamp',
    'date',
  ],
} as const satisfies Record<DatasetName, readonly string[]>;

/** An order with its lines: `items` may be written later than the order's own day. */
export interface OrderRows {
  readonly order: Row;
  readonly items: readonly Row[];
}

const ID_DIGITS = 8;
const DEPARTMENTS = ['Bakery', 'Frozen', 'Dairy & Eggs', 'Produce', 'Pantry, dry', 'Household', 'Pets'];
const ITEMS_PER_ORDER = { min: 1, max: 6 };
const CUSTOMERS_PER_ORDER = 0.4;

/** An identifier with leading zeros, so that a reader that takes it for a number is found out. */
function identifier(number: number): string {
  return String(number).padStart(ID_DIGITS, '0');
}

/** Names that shops really have: quotes, commas, inches, accents, other scripts, signs beyond the basic plane. */
function productName(faker: Faker, number: number): string {
  const name = faker.commerce.productName();
  switch (number % 8) {
    case 1:
      return `${name}, ${faker.color.human()}`;
    case 2:
      return `${name} "${faker.company.name()}" 12"`;
    case 3:
      return `Crème fraîche – ${name}`;
    case 4:
      return `${name} 500 g × 2, 'large'`;
    case 5:
      return `抹茶 ${name} 🍵`;
    case 6:
      return `${name}; 100 % Bio – Größe L`;
    default:
      return name;
  }
}

/** One product. @param number counts from 1. */
export function makeProduct(faker: Faker, number: number): Row {
  const department = faker.number.int({ min: 0, max: DEPARTMENTS.length - 1 });
  return {
    product_id: identifier(number),
    department_id: String(department + 1),
    department: DEPARTMENTS[department] ?? 'Other',
    product_name: productName(faker, number),
  };
}

/** What a generated order draws from. */
export interface Shop {
  readonly products: number;
  readonly orders: number;
}

/** One order and its lines. @param number counts orders from 1. @param firstItem number of its first line. */
export function makeOrder(
  faker: Faker,
  shop: Shop,
  date: string,
  number: number,
  firstItem: number,
): OrderRows {
  const int = (min: number, max: number): number => faker.number.int({ min, max });
  const time = [int(0, 23), int(0, 59), 0].map((part) => String(part).padStart(2, '0')).join(':');
  const timestamp = number % 10 === 0 ? `${date} ${time}` : `${date}T${time}${number % 7 === 0 ? 'Z' : ''}`;
  const customer = `u${identifier(int(1, Math.max(1, Math.round(shop.orders * CUSTOMERS_PER_ORDER))))}`;
  const first = int(1, 10) === 1;
  const items: Row[] = [];
  let cents = 0;
  const count = int(ITEMS_PER_ORDER.min, ITEMS_PER_ORDER.max);
  for (let position = 1; position <= count; position += 1) {
    cents += int(49, 4_999);
    items.push({
      id: identifier(firstItem + position - 1),
      order_id: identifier(number),
      user_id: customer,
      days_since_prior_order: first ? '' : String(int(0, 30)),
      product_id: identifier(int(1, shop.products)),
      add_to_cart_order: String(position),
      reordered: first ? '0' : (['0', '1', 'true', 'false'][int(0, 3)] ?? '0'),
      order_timestamp: timestamp,
      date,
    });
  }
  const order = {
    order_num: String(((number - 1) % 100) + 1),
    order_id: identifier(number),
    user_id: customer,
    order_timestamp: timestamp,
    total_amount: amount(cents),
    date,
  };
  return { order, items };
}

/** Cents as a shop's export writes them: 12, 12.5 or 12.34. */
function amount(cents: number): string {
  return (cents / 100).toFixed(2).replace(/\.?0+$/u, '');
}

/** The same order with another amount, as a later file would correct it. */
export function correctOrder(order: Row): Row {
  return { ...order, total_amount: order['total_amount'] === '1' ? '2' : '1' };
}

/** The line with a product that never arrives: it waits among the orphans. */
export function orphanItem(item: Row): Row {
  return { ...item, product_id: `unknown-${item['product_id'] ?? ''}` };
}

/** How one row is spoilt: some cells replaced, or the whole line written as these bytes. */
export interface RowDefect {
  readonly rule: string;
  readonly cells?: Row;
  /** @param line the row as CSV without line end. @param header the file's header without line end. */
  readonly line?: (line: string, header: string) => Buffer;
}

const tooFew = (line: string): Buffer => Buffer.from(line.slice(0, line.indexOf(',')));
const tooMany = (line: string): Buffer => Buffer.from(`${line},surplus`);
const unclosedQuote = (line: string): Buffer => Buffer.from(`"${line}`);
const notUtf8 = (line: string): Buffer =>
  Buffer.concat([Buffer.from(line.slice(0, 1)), Buffer.from([0xe9]), Buffer.from(line.slice(1))]);
const repeatedHeader = (_line: string, header: string): Buffer => Buffer.from(header);

/** Every defect, each made to break one rule and no other. */
export const rowDefects: Readonly<Record<DatasetName, readonly RowDefect[]>> = {
  products: [
    { rule: 'NULL_KEY', cells: { product_id: '  ' } },
    { rule: 'NULL_VALUE', cells: { product_name: '' } },
    { rule: 'BAD_INTEGER', cells: { department_id: '2147483648' } },
    { rule: 'TOO_LONG', cells: { product_name: 'x'.repeat(1_025) } },
    { rule: 'CONTROL_CHARACTER', cells: { product_name: 'Bell\u0007pepper' } },
    { rule: 'ENCODING', line: notUtf8 },
    { rule: 'MALFORMED', line: tooFew },
  ],
  orders: [
    { rule: 'NULL_KEY', cells: { order_id: '' } },
    { rule: 'NULL_VALUE', cells: { user_id: ' ' } },
    { rule: 'BAD_TIMESTAMP', cells: { order_timestamp: '01.05.2025 12:00' } },
    { rule: 'TIMESTAMP_RANGE', cells: { order_timestamp: '1999-12-31T23:59:59', date: '1999-12-31' } },
    { rule: 'BAD_DATE', cells: { date: '2025-02-30' } },
    { rule: 'DATE_MISMATCH', cells: { date: '2001-01-01' } },
    { rule: 'BAD_DECIMAL', cells: { total_amount: '12,50' } },
    { rule: 'SCALE', cells: { total_amount: '12.345' } },
    { rule: 'RANGE', cells: { total_amount: '12345678901.00' } },
    { rule: 'NEGATIVE', cells: { total_amount: '-1.00' } },
    { rule: 'TOO_LONG', cells: { user_id: 'u'.repeat(65) } },
    { rule: 'REPEATED_HEADER', line: repeatedHeader },
    { rule: 'MALFORMED', line: tooMany },
  ],
  order_items: [
    { rule: 'NULL_KEY', cells: { order_id: '' } },
    { rule: 'BAD_INTEGER', cells: { days_since_prior_order: '2.5' } },
    { rule: 'NEGATIVE', cells: { days_since_prior_order: '-3' } },
    { rule: 'RANGE', cells: { add_to_cart_order: '0' } },
    { rule: 'BAD_BOOLEAN', cells: { reordered: 'maybe' } },
    { rule: 'NULL_VALUE', cells: { reordered: '' } },
    { rule: 'MALFORMED', line: unclosedQuote },
  ],
};
