import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Networks that are nobody's public server, by IANA's registries of special addresses. */
const V4: readonly (readonly [net: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // behind the NAT of a carrier
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // link-local: the metadata of cloud machines lies here
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // multicast, reserved and broadcast
  ['224.0.0.0', 3],
];
/** Of IPv6 only 2000::/3 is public, less these. */
const V6: readonly (readonly [net: string, prefix: number])[] = [
  // Teredo and other protocol assignments
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 carries an IPv4 address
  ['2002::', 16],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [net, prefix] of V4) refused.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of V6) refused.addSubnet(net, prefix, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address is a public one: no private, local, shared, mapped, translated or multicast one. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refused.check(address, 'ipv4');
  // ::ffff:10.0.0.1, 64:ff9b::10.0.0.1, fc00::, fe80:: and ::1 are all outside 2000::/3
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

/** Why nothing may be sent to a URL; undefined when something may. `isLoopbackToo` is for trials on one machine. */
export function urlFault(text: string, isLoopbackToo = false): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  const isLoopback = isLoopbackToo && url.hostname === '127.0.0.1';
  if (url.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:'))
    return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.hash !== '') return 'must not hold a fragment';
  // 443 is written as nothing
  if (url.port !== '' && Number(url.port) < 1024) return 'must use port 443 or one above 1023';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isLoopback && !isPublicAddress(host))
    return 'leads to an address that is not public';
  if (isIP(host) === 0 && !/[^.]\.[^.]/.test(host)) return 'must name a public host';
  if (/(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(host)) return 'must name a public host';
  return undefined;
}

/** The name is resolved, and one of its addresses is not public. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

type Found = readonly { readonly address: string; readonly family: number }[];
type Answer = (
  error: Error | null,
  address: string | { address: string; family: number }[],
  family?: number,
) => void;
type Resolve = (host: string, answer: (error: Error | null, found: Found) => void) => void;

const resolveAll: Resolve = (host, answer) => resolve(host, { all: true }, answer);

/**
 * A `lookup` for sockets: the very addresses that were checked are connected to, so that a name cannot lead elsewhere
 * a moment later. One address that is not public refuses the name.
 */
export function publicLookup(from: Resolve = resolveAll) {
  return (host: string, options: { readonly all?: boolean }, answer: Answer): void =>
    from(host, (error, found) => {
      if (error) return answer(error, '');
      const bad = found.find(({ address }) => !isPublicAddress(address));
      if (bad || found.length === 0)
        return answer(new PrivateAddress(`${host} leads to an address that is not public`), '');
      if (options.all) return answer(null, [...found]);
      answer(null, found[0]!.address, found[0]!.family);
    });
}
