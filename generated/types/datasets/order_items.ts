/** Generated from schemas/ by `npm run generate`. */

/**
 * One line of an order. The same product may stand on several lines of one order.
 */
export interface OrderItem {
  /**
   * Identifies the line. Text: leading zeros are part of it.
   */
  id: string;
  /**
   * The order this line belongs to.
   */
  order_id: string;
  /**
   * The customer who ordered.
   */
  user_id: string;
  /**
   * Days since the customer's order before this one; empty for a first order.
   */
  days_since_prior_order: number | null;
  /**
   * The product bought.
   */
  product_id: string;
  /**
   * Position at which the product was put into the cart, counted from 1.
   */
  add_to_cart_order: number;
  /**
   * Whether the customer had bought this product before. Files write true, false, 1 or 0.
   */
  reordered: boolean;
  /**
   * When the order was placed. Read as UTC unless the file gives a zone; stored in UTC.
   */
  order_timestamp: string;
  /**
   * Calendar date of the order as written in the file.
   */
  date: string;
}
