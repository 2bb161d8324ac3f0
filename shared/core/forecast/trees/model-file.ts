import { TreeTable } from './tree-table.ts';

const VERSION = 1;

/** Category bins of each feature, where it has categories. */
export type Codes = readonly (ReadonlyMap<number, number> | undefined)[];

/** Writes trees as JSON; arrays are base64 of their little-endian bytes. */
export function writeModelFile(
  kind: string,
  table: TreeTable,
  gains: Float64Array,
  codes: Codes,
  rest: Readonly<Record<string, unknown>>,
  doubles: Readonly<Record<string, Float64Array>> = {},
): string {
  return JSON.stringify({
    format: 'trees',
    version: VERSION,
    kind,
    ...rest,
    ...Object.fromEntries(Object.entries(doubles).map(([name, array]) => [name, toBase64(array)])),
    roots: toBase64(Int32Array.from(table.roots)),
    feature: toBase64(table.feature),
    threshold: toBase64(table.threshold),
    left: toBase64(table.left),
    kinds: toBase64(table.kind),
    sets: toBase64(table.sets),
    gains: toBase64(gains),
    codes: codes.map((map) => (map === undefined ? null : [...map])),
  });
}

export interface ModelFile {
  readonly table: TreeTable;
  readonly gains: Float64Array;
  readonly codes: Codes;
  readonly rest: Readonly<Record<string, unknown>>;
  readonly doubles: Readonly<Record<string, Float64Array>>;
}

/** Reads what writeModelFile wrote; RangeError for another kind or version. */
export function readModelFile(kind: string, text: string, names: readonly string[] = []): ModelFile {
  const file = JSON.parse(text) as Record<string, unknown>;
  if (file.format !== 'trees' || file.kind !== kind || file.version !== VERSION) {
    throw new RangeError(`not a file of a ${kind} model, version ${VERSION}`);
  }
  const bytes = (name: string): ArrayBuffer => fromBase64(String(file[name]));
  const table = new TreeTable();
  table.feature = new Int16Array(bytes('feature'));
  table.threshold = new Float64Array(bytes('threshold'));
  table.left = new Int32Array(bytes('left'));
  table.kind = new Uint8Array(bytes('kinds'));
  table.sets = new Uint32Array(bytes('sets'));
  table.roots = Array.from(new Int32Array(bytes('roots')));
  table.size = table.feature.length;
  const codes = (file.codes as ([number, number][] | null)[]).map((map) =>
    map === null ? undefined : new Map(map),
  );
  const doubles = Object.fromEntries(names.map((name) => [name, new Float64Array(bytes(name))]));
  return { table, gains: new Float64Array(bytes('gains')), codes, rest: file, doubles };
}

function toBase64(array: ArrayBufferView): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  return btoa(parts.join(''));
}

function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
}
