import type { DatasetName } from '../../../src/contract/contracts';

/** A header that the contract of the dataset accepts, and a row. */
export const CSV: Record<DatasetName, string> = {
  products: 'product_id,department_id,department,product_name\n1,2,garden,hose\n',
  orders:
    'order_num,order_id,user_id,order_timestamp,total_amount,date\n1,2,3,2025-04-01 10:00:00,1.00,2025-04-01\n',
  order_items:
    'id,order_id,user_id,days_since_prior_order,product_id,add_to_cart_order,reordered,order_timestamp,date\n' +
    '1,2,3,,1,1,0,2025-04-01 10:00:00,2025-04-01\n',
};
