/** Generated from schemas/ by `npm run generate`. */

/**
 * One checkout by one customer. A later file corrects an earlier one.
 */
export interface Order {
  /**
   * Running number of the order for its customer. Repeats across orders: not a key.
   */
  order_num: string;
  /**
   * Identifies the order. Text: leading zeros are part of it.
   */
  order_id: string;
  /**
   * The customer who ordered.
   */
  user_id: string;
  /**
   * When the order was placed. Read as UTC unless the file gives a zone; stored in UTC.
   */
  order_timestamp: string;
  /**
   * Amount of the order in the shop's currency, at most two decimals, never rounded.
   */
  total_amount: string;
  /**
   * Calendar date of the order as written in the file.
   */
  date: string;
}
