import { insertLocationStubs, type LocationRow } from '../../shared/data/catalogue/location-store.ts';
import { insertCustomerStubs, insertSellerStubs } from '../../shared/data/catalogue/party-store.ts';
import { insertProductStubs, type ProductStub } from '../../shared/data/catalogue/product-store.ts';
import { existingSuppliers, upsertSuppliers } from '../../shared/data/purchasing/supplier-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { OrderLine } from './order-line.ts';

type SupplierStub = Parameters<typeof upsertSuppliers>[1][number];

/** Ids that are remembered as existing; beyond it the memory starts anew and costs a harmless write. */
const MEMORY = 100_000;

/** Makes what rows refer to and nobody described yet. Remembers what exists, so that most chunks write nothing. */
export class StubIntroducer {
  readonly #database: Database;
  readonly #products = new Known();
  readonly #named = new Known();
  readonly #customers = new Known();
  readonly #sellers = new Known();

  constructor(database: Database) {
    this.#database = database;
  }

  async ofLines(lines: readonly OrderLine[]): Promise<void> {
    // A line that names the article describes it better than one whose name is only the code.
    const described = new Map<string, ProductStub>();
    for (const { product } of lines) {
      const known = described.get(product.productId);
      if (known === undefined || (known.productName === known.productId && known !== product)) {
        described.set(product.productId, product);
      }
    }
    await this.#introduceProducts(described);

    const byCustomer = new Map(
      lines.flatMap(({ customer }) => (customer ? [[customer.customerId, customer]] : [])),
    );
    const customers = this.#customers.unknownOf(byCustomer);
    if (customers.length > 0) await this.#database.transaction((tx) => insertCustomerStubs(tx, customers));
    this.#customers.learn(customers.map((customer) => customer.customerId));

    const bySeller = new Map(
      lines.flatMap(({ order }) => (order.sellerId ? [[order.sellerId, order.sellerId]] : [])),
    );
    const sellers = this.#sellers.unknownOf(bySeller);
    if (sellers.length > 0) await this.#database.transaction((tx) => insertSellerStubs(tx, sellers));
    this.#sellers.learn(sellers);
  }

  async ofProducts(productIds: readonly string[]): Promise<void> {
    await this.#introduceProducts(new Map(productIds.map((productId) => [productId, stubOf(productId)])));
  }

  /** Products by what a file mentions of them. */
  async ofDescribed(stubs: readonly ProductStub[]): Promise<void> {
    await this.#introduceProducts(new Map(stubs.map((stub) => [stub.productId, stub])));
  }

  /** Locations and suppliers that a file mentions: those that exist stay as they are. */
  async ofPlaces(locations: readonly LocationRow[], suppliers: readonly SupplierStub[]): Promise<void> {
    if (locations.length > 0) {
      const sorted = [...locations].sort((a, b) => (a.locationId < b.locationId ? -1 : 1));
      await this.#database.transaction((tx) => insertLocationStubs(tx, sorted));
    }
    if (suppliers.length === 0) return;
    await this.#database.transaction(async (tx) => {
      const known = await existingSuppliers(
        tx,
        suppliers.map((supplier) => supplier.supplierId),
      );
      await upsertSuppliers(
        tx,
        suppliers.filter((supplier) => !known.has(supplier.supplierId)),
      );
    });
  }

  async #introduceProducts(stubs: ReadonlyMap<string, ProductStub>): Promise<void> {
    // One that exists without a name is sent once more when a line names it.
    const named = new Map([...stubs].filter(([id, stub]) => stub.productName !== id));
    const unknown = new Map(this.#products.unknownOf(stubs).map((stub) => [stub.productId, stub]));
    for (const stub of this.#named.unknownOf(named)) unknown.set(stub.productId, stub);
    const products = [...unknown.keys()].sort().map((id) => unknown.get(id)!);
    if (products.length > 0) await this.#database.transaction((tx) => insertProductStubs(tx, products));
    this.#products.learn(products.map((product) => product.productId));
    this.#named.learn([...named.keys()]);
  }
}

class Known {
  readonly #ids = new Set<string>();

  /** Those not known to exist, sorted by id: one order of locking for everyone. */
  unknownOf<T>(entries: ReadonlyMap<string, T>): T[] {
    const ids = [...entries.keys()].filter((id) => !this.#ids.has(id)).sort();
    return ids.map((id) => entries.get(id)!);
  }

  learn(ids: readonly string[]): void {
    if (this.#ids.size + ids.length > MEMORY) this.#ids.clear();
    // A copy: a slice would keep the whole piece of the file it was cut from.
    for (const id of ids) if (!this.#ids.has(id)) this.#ids.add(Buffer.from(id).toString());
  }
}

const stubOf = (productId: string): ProductStub => ({
  productId,
  productName: productId,
  category: null,
  brand: null,
  unitPrice: null,
  isService: false,
});
