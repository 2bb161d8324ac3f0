import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of chance that is the same for the same seed, on every machine. */
export interface Random {
  /** Uniform in (0, 1): never 0 and never 1. */
  uniform(): number;
  /** Whole number from 0 to `below` - 1. */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** Gamma with this shape and scale 1. */
  gamma(shape: number): number;
}

/** Starts a stream; any finite number will do as a seed. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(mix(seed));
  // The first values of neighbouring seeds resemble each other.
  for (let i = 0; i < 16; i++) generator.next();
  const uniform = (): number => ((generator.next() >>> 0) + 0.5) / 4294967296;
  let spare = Number.NaN;
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const gamma = (shape: number): number => {
    if (!(shape > 0)) throw new RangeError(`gamma shape ${shape} is not positive`);
    // Marsaglia & Tsang (2000); a shape below 1 is lifted by 1 and thinned.
    const lifted = shape < 1 ? shape + 1 : shape;
    const d = lifted - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    let value = d;
    for (let tries = 0; tries < 1000; tries++) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        value = d * v;
        break;
      }
    }
    return shape < 1 ? value * uniform() ** (1 / shape) : value;
  };
  return { uniform, integer: (below) => Math.floor(uniform() * below), normal, gamma };
}

/** A seed for a part of a whole: the same seed and name give the same, other names unrelated ones. */
export function seedOf(seed: number, name: string): number {
  let hash = 2166136261 ^ mix(seed);
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  return hash | 0;
}

function mix(seed: number): number {
  if (!Number.isFinite(seed)) throw new RangeError(`seed ${seed} is not a finite number`);
  let x = (Math.trunc(seed) ^ Math.trunc(seed / 4294967296)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
