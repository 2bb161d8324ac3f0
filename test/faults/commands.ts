import type { Random } from '../../shared/core/math/random.ts';

/** An order by POST /orders, asked again until its client knows what became of it. */
export interface OrderCommand {
  readonly kind: 'order';
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  /** Cents. */
  readonly price: number;
  /** The moment of the order when left out. */
  readonly date: string | undefined;
  readonly key: string | undefined;
  /** The network delivers the request a second time. */
  readonly twice: boolean;
}

/** A line of a file and what it must leave. */
export interface FileLine {
  readonly text: string;
  /** Sale and its movements, when the line is a good one. */
  readonly sale?: { readonly id: string; readonly product: string; readonly quantity: number };
  readonly movements: readonly { readonly key: string; readonly product: string; readonly change: number }[];
  readonly isBad: boolean;
}

/** A file dropped into the bucket, and announced. */
export interface FileCommand {
  readonly kind: 'file';
  readonly name: string;
  readonly header: string;
  readonly lines: readonly FileLine[];
  /** Counts set levels: what they book depends on what else is known by then. */
  readonly counts: readonly {
    readonly line: number;
    readonly product: string;
    readonly quantity: number;
    readonly date: string;
  }[];
  /** The content cannot be imported at all. */
  readonly isHopeless: boolean;
  /** Which other file of the schedule has the same content. */
  readonly copyOf: string | undefined;
}

/** Days of invented sales. */
export interface SimulateCommand {
  readonly kind: 'simulate';
  readonly id: string;
  readonly days: number;
}

/** A message that is not what the queue carries. */
export interface PoisonCommand {
  readonly kind: 'poison';
  readonly body: string;
}

export type Command = OrderCommand | FileCommand | SimulateCommand | PoisonCommand;

/** What a schedule begins with, and what is asked of it. */
export interface Schedule {
  readonly seed: number;
  /** Begins every id, so that schedules share a database and nothing else. */
  readonly namespace: string;
  readonly products: readonly {
    readonly id: string;
    readonly opening: number;
    readonly backorders: boolean;
  }[];
  readonly commands: readonly Command[];
  /** Milliseconds of the functions' clock at the beginning. */
  readonly startMs: number;
  readonly chunkRows: number;
}

/** Ordinary days, days of daylight saving, the ends of a year and a leap day. */
const STARTS = [
  '2011-12-05T23:58:00Z',
  '2011-03-27T00:59:30Z',
  '2011-10-30T00:59:30Z',
  '2012-02-28T23:59:00Z',
  '2011-12-31T23:59:00Z',
  '2012-11-04T05:59:00Z',
];

/** The commands of a seed: the same for the same seed and namespace. */
export function makeSchedule(random: Random, seed: number, namespace: string): Schedule {
  const products = Array.from({ length: 3 + random.integer(3) }, (_, i) => ({
    id: `${namespace}P${i}`,
    opening: random.integer(40),
    backorders: random.integer(6) === 0,
  }));
  const make = new Maker(
    random,
    namespace,
    products.map(({ id }) => id),
  );
  const commands: Command[] = [];
  const size = 15 + random.integer(11);
  while (commands.length < size) commands.push(make.next());
  return {
    seed,
    namespace,
    products,
    commands,
    startMs: Date.parse(STARTS[random.integer(STARTS.length)]!),
    chunkRows: 2 + random.integer(4),
  };
}

class Maker {
  readonly #random: Random;
  readonly #namespace: string;
  readonly #products: readonly string[];
  readonly #salesLines: FileLine[] = [];
  readonly #files: FileCommand[] = [];
  #numbers = 0;

  constructor(random: Random, namespace: string, products: readonly string[]) {
    this.#random = random;
    this.#namespace = namespace;
    this.#products = products;
  }

  next(): Command {
    const draw = this.#random.integer(100);
    if (draw < 50) return this.#order();
    if (draw < 52) return { kind: 'poison', body: ['{', '{"n":1}', '[]', '"x"'][this.#random.integer(4)]! };
    if (draw < 56) return { kind: 'simulate', id: this.#name('S'), days: 1 + this.#random.integer(3) };
    if (draw < 60 && this.#files.length > 0) {
      const original = this.#files[this.#random.integer(this.#files.length)]!;
      return { ...original, name: this.#name('copy'), copyOf: original.name };
    }
    const file = this.#file();
    this.#files.push(file);
    return file;
  }

  #file(): FileCommand {
    switch (this.#random.integer(7)) {
      case 0:
        return this.#receipts();
      case 1:
        return this.#movements();
      case 2:
        return this.#counts();
      case 3:
        return this.#invoices();
      case 4:
        return this.#random.integer(3) === 0 ? this.#hopeless() : this.#sales();
      default:
        return this.#sales();
    }
  }

  #order(): OrderCommand {
    return {
      kind: 'order',
      id: this.#name('O'),
      product: this.#product(),
      quantity: 1 + this.#random.integer(12),
      price: 1 + this.#random.integer(5_000),
      date: this.#random.integer(2) === 0 ? `${this.#day()}T10:00:00Z` : undefined,
      key: this.#random.integer(5) === 0 ? undefined : this.#name('K'),
      twice: this.#random.integer(6) === 0,
    };
  }

  #sales(): FileCommand {
    const lines = this.#many(2, 9, () => {
      const draw = this.#random.integer(12);
      if (draw === 0 && this.#salesLines.length > 0) return this.#any(this.#salesLines);
      if (draw === 1) return bad(`${this.#name('F')},1,2011-12-01,${this.#product()},x7,1.00,`);
      const line = this.#saleLine();
      this.#salesLines.push(line);
      return line;
    });
    return this.#asFile('order_id,line,date,product_id,quantity,unit_price,status', lines);
  }

  #saleLine(): FileLine {
    const order = this.#name('F');
    const product =
      this.#random.integer(8) === 0 ? `${this.#namespace}N${this.#random.integer(3)}` : this.#product();
    const status = this.#any(['delivered', 'delivered', 'shipped', 'returned', 'cancelled', '']);
    const units = 1 + this.#random.integer(15);
    const quantity = this.#random.integer(8) === 0 ? -units : units;
    const id = `${order}:1`;
    const sale = { key: `sale:${id}`, product, change: -quantity };
    const back = { key: `return:${id}`, product, change: Math.abs(quantity) };
    const movements =
      quantity < 0 ? [back] : status === 'cancelled' ? [] : status === 'returned' ? [sale, back] : [sale];
    const price = (this.#random.integer(900) / 100).toFixed(2);
    return {
      text: `${order},1,${this.#day()},${product},${quantity},${price},${status}`,
      sale: { id, product, quantity },
      movements,
      isBad: false,
    };
  }

  #receipts(): FileCommand {
    const lines = this.#many(1, 6, () => {
      if (this.#random.integer(12) === 0) return bad(`${this.#name('R')},${this.#product()},2011-13-45,4`);
      const [id, product, units] = [this.#name('R'), this.#product(), 1 + this.#random.integer(40)];
      return {
        text: `${id},${product},${this.#day()},${units}`,
        movements: [{ key: `receipt:${id}`, product, change: units }],
        isBad: false,
      };
    });
    return this.#asFile('receipt_id,product_id,date,quantity', lines);
  }

  #movements(): FileCommand {
    const lines = this.#many(1, 6, () => {
      const [id, product, units] = [this.#name('M'), this.#product(), this.#random.integer(30) - 14 || 3];
      return {
        text: `${id},${product},${this.#day()},${units},adjustment,found or lost`,
        movements: [{ key: `movement:${id}`, product, change: units }],
        isBad: false,
      };
    });
    return this.#asFile('movement_id,product_id,date,quantity_change,change_type,reason', lines);
  }

  #counts(): FileCommand {
    const counts = Array.from({ length: 1 + this.#random.integer(4) }, (_, i) => ({
      line: i + 2,
      product: this.#product(),
      quantity: this.#random.integer(30),
      date: this.#day(),
    }));
    const lines = counts.map(({ product, quantity, date }) => ({
      text: `${product},${quantity},${date}`,
      movements: [],
      isBad: false,
    }));
    return { ...this.#asFile('product_id,quantity,date', lines), counts };
  }

  /** Invoices, some of whose lines an invoice of the same or a later file takes back. */
  #invoices(): FileCommand {
    const customer = String(10_000 + this.#random.integer(3));
    const lines: FileLine[] = [];
    for (let i = 2 + this.#random.integer(4); i > 0; i--) {
      const [invoice, product, units] = [this.#name('I'), this.#product(), 1 + this.#random.integer(20)];
      lines.push(invoiceLine(invoice, product, units, this.#day(), this.#namespace + customer));
      if (this.#random.integer(3) === 0)
        lines.push(invoiceLine(`C${invoice}`, product, -units, '2011-12-04', this.#namespace + customer));
    }
    return this.#asFile(
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      lines,
    );
  }

  #hopeless(): FileCommand {
    return { ...this.#asFile('colour,taste', [bad(`${this.#name('X')},sweet`)]), isHopeless: true };
  }

  #asFile(header: string, lines: readonly FileLine[]): FileCommand {
    const name = this.#name('file');
    return { kind: 'file', name, header, lines, counts: [], isHopeless: false, copyOf: undefined };
  }

  #many<T>(from: number, to: number, make: () => T): T[] {
    return Array.from({ length: from + this.#random.integer(to - from + 1) }, make);
  }

  #any<T>(list: readonly T[]): T {
    return list[this.#random.integer(list.length)]!;
  }

  readonly #product = (): string => this.#any(this.#products);

  #day(): string {
    return `2011-12-0${1 + this.#random.integer(4)}`;
  }

  #name(what: string): string {
    this.#numbers += 1;
    return `${this.#namespace}${what}${this.#numbers}`;
  }
}

const bad = (text: string): FileLine => ({ text, movements: [], isBad: true });

function invoiceLine(
  invoice: string,
  product: string,
  units: number,
  day: string,
  customer: string,
): FileLine {
  return {
    text: `${invoice},${product},GOODS,${units},${day} 09:00:00,1.25,${customer},France`,
    // its id is made from its content: the ledger names it by invoice and product
    movements: [{ key: `${units > 0 ? 'sale' : 'return'}:${invoice}:`, product, change: -units }],
    isBad: false,
  };
}

/** The file's content. */
export const textOf = (file: FileCommand): string =>
  `${[file.header, ...file.lines.map(({ text }) => text)].join('\n')}\n`;
