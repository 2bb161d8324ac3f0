/**
 * Chance that needs no stream: uniform in (0, 1), the same for the same key, place and purpose, and unrelated for
 * others. Two rounds of the finaliser of MurmurHash3 over the three numbers.
 */
export function chanceAt(key: number, place: number, purpose: number): number {
  let x = mix(key ^ Math.imul(place + 1, 0x9e3779b1));
  x = mix(x ^ Math.imul(purpose + 1, 0x85ebca77) ^ 0x27d4eb2f);
  return ((x >>> 0) + 0.5) / 4294967296;
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
