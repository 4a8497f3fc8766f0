/** Generated from schemas/ by `npm run generate`. */

/**
 * An article of the shop. One row per product; a later file corrects an earlier one.
 */
export interface Product {
  /**
   * Identifies the product. Text: leading zeros are part of it.
   */
  product_id: string;
  /**
   * Number of the department as the shop writes it. It does not determine the department's name.
   */
  department_id: number;
  /**
   * Name of the department.
   */
  department: string;
  /**
   * Name of the product as shown to customers; kept as written, never interpreted.
   */
  product_name: string;
}
