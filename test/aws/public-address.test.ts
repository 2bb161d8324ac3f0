import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { postWebhook } from '../../shared/aws/post-webhook.ts';
import { isPublicAddress, publicLookup, urlFault } from '../../shared/aws/public-address.ts';

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.8.8.8',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.2.1',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b::808:808',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '2001:0:4136:e378::1',
  '2002:7f00:1::',
  'fd00:ec2::254',
  'nonsense',
])('%s is no public address', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::8a'])(
  '%s is a public address',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  'http://shop.example/hook',
  'ftp://shop.example/hook',
  'https://user:pass@shop.example/hook',
  'https://user@shop.example/hook',
  'https://shop.example:22/hook',
  'https://shop.example:80/hook',
  'https://127.0.0.1/hook',
  'https://0x7f.1/hook',
  'https://2130706433/hook',
  'https://0177.0.0.1/hook',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/hook',
  'https://[::ffff:169.254.169.254]/hook',
  'https://[fd00:ec2::254]/hook',
  'https://localhost/hook',
  'https://metadata/hook',
  'https://metadata.google.internal/hook',
  'https://printer.local/hook',
  'https://shop.example/hook#part',
  'http://127.0.0.1:8080/hook',
  'not a url',
])('nothing may be sent to %s', (url) => {
  expect(urlFault(url)).toBeDefined();
});

test.each(['https://shop.example/hook', 'https://shop.example:8443/hook?a=b', 'https://8.8.8.8/hook'])(
  'something may be sent to %s',
  (url) => {
    expect(urlFault(url)).toBeUndefined();
  },
);

test('a trial on one machine may post to its loopback by http, and nowhere else', () => {
  expect(urlFault('http://127.0.0.1:9000/hook', true)).toBeUndefined();
  expect(urlFault('http://10.0.0.1:9000/hook', true)).toBeDefined();
  expect(urlFault('http://localhost:9000/hook', true)).toBeDefined();
});

test('a name is refused when any of its addresses is private, and never resolved a second time', async () => {
  let asked = 0;
  const lookup = publicLookup((_host, answer) => {
    asked += 1;
    answer(null, [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  });
  const posted = await postWebhook('https://rebinding.example/hook', '{}', {}, { lookup });
  expect(posted).toEqual({
    status: null,
    error: 'rebinding.example leads to an address that is not public',
  });
  expect(asked).toBe(1);
});

test('a redirect is an answer, not a way; a long answer is not read; silence ends', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (request.url === '/redirect') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (request.url === '/long') {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (path: string) =>
    postWebhook(base + path, '{}', {}, { isLoopbackToo: true, timeoutMs: 1_000 });
  try {
    expect(await post('/redirect')).toEqual({ status: 302, error: null });
    expect(await post('/long')).toEqual({ status: 200, error: null });
    expect(await post('/silence')).toEqual({ status: null, error: 'no answer in 1 s' });
    expect(asked).toBe(3);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
