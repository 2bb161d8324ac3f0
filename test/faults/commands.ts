import type { Random } from '../../shared/core/math/random.ts';

/** A movement that a command must leave. */
export interface Effect {
  readonly key: string;
  readonly product: string;
  readonly change: number;
}

/** What a client asks of the API until it knows what became of it. */
export interface RequestCommand {
  readonly kind: 'request';
  readonly what:
    | 'order'
    | 'cancel'
    | 'return'
    | 'movement'
    | 'reverse'
    | 'reserve'
    | 'release'
    | 'transfer'
    | 'receive'
    | 'recall';
  /** Of what it is about: the order, movement, reservation or transfer. */
  readonly id: string;
  /** `{log_id}` is the number of the movement that the request before it made. */
  readonly path: string;
  readonly body: unknown;
  readonly key: string | undefined;
  /** The network delivers the request a second time. */
  readonly twice: boolean;
  /** Asked only once this one has succeeded. */
  readonly after?: RequestCommand;
  /** All of it when it succeeds, else none. */
  readonly effect: readonly Effect[];
}

/** A question about the stock of a moment, asked again at the end about what was known then. */
export interface AsOfCommand {
  readonly kind: 'as of';
  readonly id: string;
  readonly product: string;
  readonly location: string;
  readonly day: string;
}

/** A line of a file and what it must leave. */
export interface FileLine {
  readonly text: string;
  /** Sale and its movements, when the line is a good one. */
  readonly sale?: { readonly id: string; readonly product: string; readonly quantity: number };
  readonly movements: readonly Effect[];
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

/** A file's import taken back, once it is done. */
export interface UndoCommand {
  readonly kind: 'undo';
  readonly file: FileCommand;
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

export type AskCommand = RequestCommand | AsOfCommand;
export type Command = AskCommand | FileCommand | UndoCommand | SimulateCommand | PoisonCommand;

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
  /** The day of the beginning. */
  readonly today: string;
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
  const startMs = Date.parse(STARTS[random.integer(STARTS.length)]!);
  const make = new Maker(
    random,
    namespace,
    products.map(({ id }) => id),
    startMs,
  );
  const commands: Command[] = [];
  const size = 15 + random.integer(11);
  while (commands.length < size) commands.push(make.next());
  return {
    seed,
    namespace,
    products,
    commands,
    startMs,
    today: dayOf(startMs, 0),
    chunkRows: 2 + random.integer(4),
  };
}

/** The other place, beside MAIN. */
export const SHOP = 'SHOP';
const DAY_MS = 86_400_000;

/** The day so many days before. */
export const dayOf = (ms: number, daysBefore: number): string =>
  new Date(ms - daysBefore * DAY_MS).toISOString().slice(0, 10);

const SALES_HEADER = 'order_id,line,date,product_id,quantity,unit_price,status';

class Maker {
  readonly #random: Random;
  readonly #namespace: string;
  readonly #products: readonly string[];
  readonly #salesLines: FileLine[] = [];
  readonly #files: FileCommand[] = [];
  #numbers = 0;

  readonly #startMs: number;
  readonly #requests: RequestCommand[] = [];

  constructor(random: Random, namespace: string, products: readonly string[], startMs: number) {
    this.#random = random;
    this.#namespace = namespace;
    this.#products = products;
    this.#startMs = startMs;
  }

  next(): Command {
    const draw = this.#random.integer(100);
    if (draw < 2) return { kind: 'poison', body: ['{', '{"n":1}', '[]', '"x"'][this.#random.integer(4)]! };
    if (draw < 6) return { kind: 'simulate', id: this.#name('S'), days: 1 + this.#random.integer(3) };
    if (draw < 10 && this.#files.length > 0) {
      const original = this.#any(this.#files);
      return { ...original, name: this.#name('copy'), copyOf: original.name };
    }
    if (draw < 14) return this.#asOf();
    if (draw < 18 && this.#undoable.length > 0) return { kind: 'undo', file: this.#undoable.pop()! };
    if (draw < 48) {
      const file = this.#file();
      if (!this.#undoable.includes(file)) this.#files.push(file);
      return file;
    }
    const request = this.#request();
    this.#requests.push(request);
    return request;
  }

  readonly #undoable: FileCommand[] = [];

  #asOf(): AsOfCommand {
    return {
      kind: 'as of',
      id: this.#name('A'),
      product: this.#product(),
      location: this.#random.integer(4) === 0 ? SHOP : 'MAIN',
      day: this.#day(),
    };
  }

  #file(): FileCommand {
    switch (this.#random.integer(9)) {
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
      case 5:
      case 6:
        return this.#forUndo();
      default:
        return this.#sales();
    }
  }

  /** A file that no other shares lines with, so that what taking it back does is plain. */
  #forUndo(): FileCommand {
    const file =
      this.#random.integer(2) === 0
        ? this.#asFile(
            SALES_HEADER,
            this.#many(2, 7, () => this.#saleLine()),
          )
        : this.#receipts();
    this.#undoable.push(file);
    return file;
  }

  #request(): RequestCommand {
    const draw = this.#random.integer(100);
    const follows = (what: RequestCommand['what']): RequestCommand | undefined => {
      const at = this.#requests.findIndex((one) => one.what === what && !this.#followed.has(one));
      const found = this.#requests[at];
      if (found) this.#followed.add(found);
      return found;
    };
    if (draw < 12) {
      const order = follows('order');
      if (order) return this.#random.integer(2) === 0 ? this.#cancel(order) : this.#return(order);
    }
    if (draw < 18) {
      const movement = follows('movement');
      if (movement) return this.#reverse(movement);
    }
    if (draw < 22) {
      const reservation = follows('reserve');
      if (reservation)
        return this.#ask(
          'release',
          reservation.id,
          `/reservations/${reservation.id}/release`,
          {},
          [],
          reservation,
        );
    }
    if (draw < 30) {
      const transfer = follows('transfer');
      if (transfer) return this.#endTransfer(transfer);
    }
    if (draw < 38) return this.#movement();
    if (draw < 46) return this.#reserve();
    if (draw < 54) return this.#transfer();
    return this.#order();
  }

  readonly #followed = new Set<RequestCommand>();

  #order(): RequestCommand {
    const [id, product, quantity] = [this.#name('O'), this.#product(), 1 + this.#random.integer(12)];
    const date = this.#random.integer(2) === 0 ? { order_date: `${this.#day()}T10:00:00Z` } : {};
    const body = {
      id,
      product_id: product,
      quantity,
      unit_price: (1 + this.#random.integer(5_000)) / 100,
      ...date,
    };
    return this.#ask('order', id, '/orders', body, [{ key: `sale:${id}:1`, product, change: -quantity }]);
  }

  #cancel(order: RequestCommand): RequestCommand {
    const [{ key, product, change }] = order.effect as [Effect];
    const effect = [{ key: `reversal:${key}`, product, change: -change }];
    return this.#ask(
      'cancel',
      order.id,
      `/orders/${order.id}/cancel`,
      { reason: 'second thoughts' },
      effect,
      order,
    );
  }

  #return(order: RequestCommand): RequestCommand {
    const [{ product, change }] = order.effect as [Effect];
    const [id, quantity] = [this.#name('B'), 1 + this.#random.integer(-change)];
    const isDamaged = this.#random.integer(3) === 0;
    const condition = isDamaged ? 'damaged' : 'resellable';
    const key = `order-return:${id}:1`;
    return this.#ask(
      'return',
      order.id,
      `/orders/${order.id}/returns`,
      { return_id: id, lines: [{ line: 1, quantity, reason: 'changed_mind', condition }] },
      [
        { key, product, change: quantity },
        ...(isDamaged ? [{ key: `${key}:damaged`, product, change: -quantity }] : []),
      ],
      order,
    );
  }

  #movement(): RequestCommand {
    const [id, product, units] = [this.#name('V'), this.#product(), this.#random.integer(30) - 14 || 5];
    const body = { id, product_id: product, type: 'adjustment', quantity_change: units, reason: 'seen' };
    return this.#ask('movement', id, '/movements', body, [{ key: `movement:${id}`, product, change: units }]);
  }

  #reverse(movement: RequestCommand): RequestCommand {
    const [{ key, product, change }] = movement.effect as [Effect];
    const effect = [{ key: `reversal:${key}`, product, change: -change }];
    return this.#ask(
      'reverse',
      movement.id,
      '/movements/{log_id}/reverse',
      { reason: 'not so' },
      effect,
      movement,
    );
  }

  #reserve(): RequestCommand {
    const id = this.#name('H');
    const body = { id, product_id: this.#product(), quantity: 1 + this.#random.integer(8) };
    return this.#ask('reserve', id, '/reservations', body, []);
  }

  #transfer(): RequestCommand {
    const [id, product, quantity] = [this.#name('T'), this.#product(), 1 + this.#random.integer(9)];
    const arrives = this.#random.integer(3) === 0;
    const body = {
      id,
      from_location: 'MAIN',
      to_location: SHOP,
      lines: [{ product_id: product, quantity }],
      arrives,
    };
    const request = this.#ask('transfer', id, '/transfers', body, [
      { key: `transfer:${id}:out:1`, product, change: -quantity },
      ...(arrives ? [{ key: `transfer:${id}:in1:1`, product, change: quantity }] : []),
    ]);
    if (arrives) this.#followed.add(request);
    return request;
  }

  #endTransfer(transfer: RequestCommand): RequestCommand {
    const [{ product, change }] = transfer.effect as [Effect];
    const { id } = transfer;
    // without a key, what arrived a second time would be another arrival
    const key = this.#name('K');
    if (this.#random.integer(2) === 0) {
      const effect = [{ key: `transfer:${id}:in1:1`, product, change: -change }];
      return { ...this.#ask('receive', id, `/transfers/${id}/receive`, {}, effect, transfer), key };
    }
    const effect = [{ key: `transfer:${id}:back:1`, product, change: -change }];
    return {
      ...this.#ask('recall', id, `/transfers/${id}/cancel`, { reason: 'wrong way' }, effect, transfer),
      key,
    };
  }

  #ask(
    what: RequestCommand['what'],
    id: string,
    path: string,
    body: unknown,
    effect: readonly Effect[],
    after?: RequestCommand,
  ): RequestCommand {
    const key = this.#random.integer(5) === 0 ? undefined : this.#name('K');
    const twice = this.#random.integer(6) === 0;
    return { kind: 'request', what, id, path, body, key, twice, effect, ...(after && { after }) };
  }

  #sales(): FileCommand {
    const lines = this.#many(2, 9, () => {
      const draw = this.#random.integer(12);
      if (draw === 0 && this.#salesLines.length > 0) return this.#any(this.#salesLines);
      if (draw === 1) return bad(`${this.#name('F')},1,${this.#day()},${this.#product()},x7,1.00,`);
      const line = this.#saleLine();
      this.#salesLines.push(line);
      return line;
    });
    return this.#asFile(SALES_HEADER, lines);
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
        lines.push(
          invoiceLine(`C${invoice}`, product, -units, dayOf(this.#startMs, 0), this.#namespace + customer),
        );
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
    return dayOf(this.#startMs, 1 + this.#random.integer(4));
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
