import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksum algorithms that clients may choose; each names a header `x-amz-checksum-...`. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum in the making. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** Starts a checksum of this kind. */
export function startChecksum(algorithm: ChecksumAlgorithm): Checksum {
  if (algorithm === 'CRC32') return startCrc32();
  if (algorithm === 'CRC32C') return startReflected(CRC32C, 4);
  if (algorithm === 'CRC64NVME') return startReflected(CRC64NVME, 8);
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

function startCrc32(): Checksum {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(value);
      return digest;
    },
  };
}

type Table = { readonly high: Int32Array; readonly low: Int32Array };

// Polynomials with their bits reversed; both checksums start from ones and are inverted at the end.
const CRC32C = makeTable(0n, 0x82f63b78n);
const CRC64NVME = makeTable(0x9a6c9329n, 0xac4bc9b5n);

function makeTable(polynomialHigh: bigint, polynomialLow: bigint): Table {
  const polynomial = (polynomialHigh << 32n) | polynomialLow;
  const [high, low] = [new Int32Array(256), new Int32Array(256)];
  for (let byte = 0; byte < 256; byte += 1) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = (value >> 1n) ^ (value & 1n ? polynomial : 0n);
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffffffffn);
  }
  return { high, low };
}

// Two 32-bit halves, because BigInt arithmetic would be a hundred times slower.
function startReflected({ high, low }: Table, bytesOfDigest: 4 | 8): Checksum {
  let [upper, lower] = [bytesOfDigest === 8 ? -1 : 0, -1];
  return {
    update(bytes) {
      let [h, l] = [upper, lower];
      for (let at = 0; at < bytes.length; at += 1) {
        const index = (l ^ bytes[at]!) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ low[index]!;
        h = (h >>> 8) ^ high[index]!;
      }
      [upper, lower] = [h, l];
    },
    digest() {
      const digest = Buffer.alloc(8);
      digest.writeInt32BE(~upper, 0);
      digest.writeInt32BE(~lower, 4);
      return digest.subarray(8 - bytesOfDigest);
    },
  };
}
