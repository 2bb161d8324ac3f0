import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** A buyer as an order line names it. */
export interface CustomerStub {
  readonly customerId: string;
  readonly name: string;
  readonly city: string | null;
  readonly state: string | null;
  readonly country: string | null;
}

/** Makes customers that do not exist yet, and leaves those that do. */
export async function insertCustomerStubs(tx: Statements, stubs: readonly CustomerStub[]): Promise<void> {
  const rows = stubs.map((stub) => [stub.customerId, stub.name, stub.city, stub.state, stub.country]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT IGNORE INTO customer (customer_id, name, city, state, country)
       SELECT j.customer_id, j.name, j.city, j.state, j.country
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                customer_id VARCHAR(64)  PATH '$[0]',
                name        VARCHAR(255) PATH '$[1]',
                city        VARCHAR(100) PATH '$[2]',
                state       VARCHAR(100) PATH '$[3]',
                country     VARCHAR(100) PATH '$[4]')) AS j`,
      { rows: chunk },
    );
  }
}

/** Makes or changes customers; null leaves what is known, and one that is erased stays without what names a person. */
export async function upsertCustomers(
  tx: Statements,
  customers: readonly (CustomerStub & { readonly customerType: string | null })[],
): Promise<void> {
  const rows = customers.map((customer) => [
    customer.customerId,
    customer.name,
    customer.customerType,
    customer.city,
    customer.state,
    customer.country,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO customer (customer_id, name, customer_type, city, state, country)
       SELECT j.customer_id, j.name, COALESCE(j.customer_type, 'New'), j.city, j.state, j.country
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                customer_id   VARCHAR(64)  PATH '$[0]',
                name          VARCHAR(255) PATH '$[1]',
                customer_type VARCHAR(20)  PATH '$[2]',
                city          VARCHAR(100) PATH '$[3]',
                state         VARCHAR(100) PATH '$[4]',
                country       VARCHAR(100) PATH '$[5]')) AS j
           ON DUPLICATE KEY UPDATE
              name          = CASE WHEN customer.erased_at IS NULL THEN j.name ELSE customer.name END,
              customer_type = COALESCE(j.customer_type, customer.customer_type),
              city          = CASE WHEN customer.erased_at IS NULL THEN COALESCE(j.city, customer.city) ELSE customer.city END,
              state         = CASE WHEN customer.erased_at IS NULL THEN COALESCE(j.state, customer.state) ELSE customer.state END,
              country       = COALESCE(j.country, customer.country)`,
      { rows: chunk },
    );
  }
}

/** Makes sellers on the marketplace that do not exist yet; their id is their name. */
export async function insertSellerStubs(tx: Statements, sellerIds: readonly string[]): Promise<void> {
  for (const chunk of jsonChunks(sellerIds.map((id) => [id]))) {
    await tx.write(
      `INSERT IGNORE INTO seller (seller_id, name)
       SELECT j.seller_id, j.seller_id
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (seller_id VARCHAR(64) PATH '$[0]')) AS j`,
      { rows: chunk },
    );
  }
}

/** Makes or renames sellers. */
export async function upsertSellers(
  tx: Statements,
  sellers: readonly { readonly sellerId: string; readonly name: string }[],
): Promise<void> {
  for (const chunk of jsonChunks(sellers.map((seller) => [seller.sellerId, seller.name]))) {
    await tx.write(
      `INSERT INTO seller (seller_id, name)
       SELECT j.seller_id, j.name
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                seller_id VARCHAR(64)  PATH '$[0]',
                name      VARCHAR(255) PATH '$[1]')) AS j
           ON DUPLICATE KEY UPDATE name = j.name`,
      { rows: chunk },
    );
  }
}
