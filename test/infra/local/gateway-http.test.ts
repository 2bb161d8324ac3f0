import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpApi, httpRoute, openGateway } from './gateway-fixture.ts';
import { type LocalFunction, localFunctions } from './local-functions.ts';

const echo: LocalFunction = (event) => event;

const echoing = (...routeKeys: string[]) =>
  openGateway({
    httpApi: httpApi(routeKeys.map((key) => httpRoute(key))),
    functions: localFunctions({ echo }),
  });

const answering = (run: LocalFunction) =>
  openGateway({
    httpApi: httpApi([httpRoute('$default', { functionArn: 'run' })]),
    functions: localFunctions({ run }),
  });

/** The answer to raw bytes, for requests that fetch would not send. */
function rawExchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}

describe('the event of payload format 2.0', () => {
  it('has path, query, headers and cookies as API Gateway writes them', async () => {
    const gateway = await echoing('GET /products/{id}');
    const answer = await fetch(`${gateway.url}/products/caf%C3%A9%20au%20lait?tag=a&tag=b%2Cc&x=1%2B1`, {
      headers: { cookie: 'a=1; b=2', 'x-custom': 'one', 'user-agent': 'test' },
    });
    expect(answer.headers.get('content-type')).toBe('application/json');
    const event = (await answer.json()) as Record<string, never> & {
      headers: object;
      requestContext: { time: string; timeEpoch: number; requestId: string };
    };
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /products/{id}',
      rawPath: '/products/café au lait',
      rawQueryString: 'tag=a&tag=b%2Cc&x=1%2B1',
      cookies: ['a=1', 'b=2'],
      headers: {
        'x-custom': 'one',
        host: `127.0.0.1:${gateway.port}`,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { tag: 'a,b,c', x: '1+1' },
      pathParameters: { id: 'café au lait' },
      isBase64Encoded: false,
      requestContext: {
        apiId: 'api1',
        stage: '$default',
        routeKey: 'GET /products/{id}',
        domainName: '127.0.0.1',
        http: {
          method: 'GET',
          path: '/products/café au lait',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
      },
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.headers).not.toHaveProperty('connection');
    expect(event).not.toHaveProperty('body');
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(Math.abs(event.requestContext.timeEpoch - Date.now())).toBeLessThan(60_000);
    expect(answer.headers.get('apigw-requestid')).toBe(event.requestContext.requestId);
  });

  it('leaves out query, path parameters, cookies and body that are not there', async () => {
    const gateway = await echoing('GET /');
    const event = (await (await fetch(gateway.url)).json()) as object;
    for (const key of ['queryStringParameters', 'pathParameters', 'cookies', 'body', 'stageVariables'])
      expect(event).not.toHaveProperty(key);
    expect(event).toMatchObject({ rawPath: '/', rawQueryString: '' });
  });

  it('joins the values of a repeated header with commas', async () => {
    const gateway = await echoing('$default');
    const answer = await rawExchange(
      gateway.port,
      'GET / HTTP/1.1\r\nhost: localhost\r\nX-Twice: a\r\nx-twice: b\r\nconnection: close\r\n\r\n',
    );
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!).headers['x-twice']).toBe('a,b');
  });

  it('carries text as text and any other body as base64', async () => {
    const gateway = await echoing('POST /x');
    const bytes = Buffer.from([0, 255, 1, 254]);
    const send = async (type: string, body: Buffer | string) =>
      (await fetch(`${gateway.url}/x`, { method: 'POST', body, headers: { 'content-type': type } })).json();
    expect(await send('application/json; charset=utf-8', '{"a":"ü"}')).toMatchObject({
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
    expect(await send('text/csv', 'a,b')).toMatchObject({ body: 'a,b', isBase64Encoded: false });
    expect(await send('application/octet-stream', bytes)).toMatchObject({
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    });
    expect(await send('application/x-www-form-urlencoded', 'a=1&b=2')).toMatchObject({
      body: Buffer.from('a=1&b=2').toString('base64'),
      isBase64Encoded: true,
    });
  });

  it('holds the stage in the path unless the stage is $default', async () => {
    const gateway = await openGateway({
      httpApi: httpApi([httpRoute('GET /x')], { stageName: 'v1', stageVariables: { colour: 'blue' } }),
      functions: localFunctions({ echo }),
    });
    expect(await (await fetch(`${gateway.url}/v1/x`)).json()).toMatchObject({
      rawPath: '/v1/x',
      stageVariables: { colour: 'blue' },
      requestContext: { stage: 'v1' },
    });
    expect((await fetch(`${gateway.url}/x`)).status).toBe(404);
  });
});

describe('routes', () => {
  it('prefers exact to parameter to greedy to $default, and a method to ANY', async () => {
    const gateway = await echoing(
      '$default',
      'ANY /{proxy+}',
      'GET /orders/{proxy+}',
      'ANY /orders/{id}',
      'GET /orders/{id}',
      'GET /orders/recent',
      'GET /orders/{id}/lines',
    );
    const routeOf = async (path: string, method = 'GET') =>
      ((await (await fetch(gateway.url + path, { method })).json()) as { routeKey: string }).routeKey;
    expect(await routeOf('/orders/recent')).toBe('GET /orders/recent');
    expect(await routeOf('/orders/7')).toBe('GET /orders/{id}');
    expect(await routeOf('/orders/7', 'DELETE')).toBe('ANY /orders/{id}');
    expect(await routeOf('/orders/7/lines')).toBe('GET /orders/{id}/lines');
    expect(await routeOf('/orders/7/lines/1')).toBe('GET /orders/{proxy+}');
    expect(await routeOf('/other/7')).toBe('ANY /{proxy+}');
    expect(await routeOf('/')).toBe('$default');
  });

  it('gives a greedy parameter the rest of the path', async () => {
    const gateway = await echoing('GET /files/{proxy+}');
    expect(await (await fetch(`${gateway.url}/files/a%20b/c/`)).json()).toMatchObject({
      pathParameters: { proxy: 'a b/c/' },
    });
  });

  it('lets a greedy route take the slash after its path, but not the root', async () => {
    const gateway = await echoing('GET /health/{proxy+}', 'GET /{proxy+}');
    expect(await (await fetch(`${gateway.url}/health/`)).json()).toMatchObject({
      routeKey: 'GET /health/{proxy+}',
      pathParameters: { proxy: '' },
    });
    expect((await fetch(gateway.url)).status).toBe(404);
  });

  it('answers 404 where no route fits', async () => {
    const gateway = await echoing('GET /x', 'POST /y/{id}');
    for (const path of ['/nothing', '/x/', '/X', '/y/'])
      await expect((await fetch(gateway.url + path)).json()).resolves.toEqual({ message: 'Not Found' });
    expect((await fetch(`${gateway.url}/x`, { method: 'POST' })).status).toBe(404);
  });
});

describe('what a function answers', () => {
  it('sends status, headers, cookies and body', async () => {
    const gateway = await answering(() => ({
      statusCode: 201,
      headers: { 'Content-Type': 'text/html', 'X-Count': 3 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '<p>ü</p>',
    }));
    const answer = await fetch(gateway.url);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.headers.get('x-count')).toBe('3');
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(await answer.text()).toBe('<p>ü</p>');
  });

  it('decodes a base64 body', async () => {
    const gateway = await answering(() => ({ statusCode: 200, body: 'AP8B', isBase64Encoded: true }));
    expect(new Uint8Array(await (await fetch(gateway.url)).arrayBuffer())).toEqual(
      new Uint8Array([0, 255, 1]),
    );
  });

  it('sends a bare value as the JSON body of a 200', async () => {
    const values: [unknown, string][] = [
      [{ a: 1 }, '{"a":1}'],
      ['plain', 'plain'],
      [[1, 2], '[1,2]'],
      [null, 'null'],
    ];
    for (const [value, text] of values) {
      const gateway = await answering(() => value);
      const answer = await fetch(gateway.url);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.text()).toBe(text);
    }
  });

  it('answers 204 and HEAD without a body', async () => {
    const gateway = await answering(() => ({ statusCode: 204 }));
    expect((await fetch(gateway.url)).status).toBe(204);
    const head = await fetch(gateway.url, { method: 'HEAD' });
    expect(await head.text()).toBe('');
  });

  it('hides a function error behind a 500', async () => {
    const gateway = await answering(() => {
      throw new Error('secret detail');
    });
    const answer = await fetch(gateway.url);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('{"message":"Internal Server Error"}');
  });

  it('takes an answer that cannot be sent for a function error', async () => {
    for (const bad of [
      { statusCode: 'many' },
      { statusCode: 99 },
      { statusCode: 200, body: { a: 1 } },
      { statusCode: 200, headers: { 'x-list': ['a', 'b'] } },
      { statusCode: 200, headers: { 'x-split': 'a\r\nset-cookie: b' } },
      { statusCode: 200, headers: { 'bad name': 'a' } },
    ]) {
      const gateway = await answering(() => bad);
      const answer = await fetch(gateway.url);
      expect([answer.status, await answer.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    }
  });

  it('answers 503 when a function takes longer than the integration may', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const gateway = await openGateway({
      httpApi: httpApi([httpRoute('$default', { timeoutMs: 50 })]),
      functions: localFunctions({ echo: () => promise }),
    });
    const answer = await fetch(gateway.url);
    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    resolve();
  });

  it('waits for a worker as long as the integration may take, and answers 503 when none came', async () => {
    const waits: (number | undefined)[] = [];
    const gateway = await openGateway({
      httpApi: httpApi([httpRoute('$default')]),
      functions: {
        async invoke(_arn, _event, options) {
          waits.push(options?.waitMs);
          return { ok: false, errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' };
        },
      },
    });
    const answer = await fetch(gateway.url);
    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(waits).toEqual([30_000]);
  });
});

describe('limits', () => {
  it('accepts a large body and answers 413 beyond the limits', async () => {
    const gateway = await echoing('POST /x');
    const post = (size: number) =>
      fetch(`${gateway.url}/x`, {
        method: 'POST',
        body: 'x'.repeat(size),
        headers: { 'content-type': 'text/plain' },
      });
    expect((await post(5 * 1024 * 1024)).status).toBe(200);
    // More than a function's event may hold, then more than the gateway takes at all.
    for (const size of [7 * 1024 * 1024, 10 * 1024 * 1024 + 1]) {
      const answer = await post(size);
      expect([answer.status, await answer.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    }
  });

  it('answers 413 to a body of unknown length as soon as it is too long', async () => {
    const gateway = await openGateway({
      httpApi: httpApi([httpRoute('$default')]),
      functions: localFunctions({ echo }),
      limits: { maxBodyBytes: 1000 },
    });
    async function* pieces() {
      for (let i = 0; i < 30; i += 1) yield Buffer.alloc(100);
    }
    const answer = await fetch(gateway.url, {
      method: 'POST',
      body: ReadableStream.from(pieces()),
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
  });

  it('answers 431 when the headers are longer than 10,240 bytes', async () => {
    const gateway = await echoing('$default');
    expect((await fetch(gateway.url, { headers: { x: 'y'.repeat(9000) } })).status).toBe(200);
    expect((await fetch(gateway.url, { headers: { x: 'y'.repeat(10_300) } })).status).toBe(431);
  });

  it('keeps connections alive and refuses a Host that is not this machine', async () => {
    const gateway = await echoing('GET /x');
    const request = (host: string, connection: string) =>
      `GET /x HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n\r\n`;
    const answers = await rawExchange(
      gateway.port,
      [
        request('localhost:1', 'keep-alive'),
        request('127.0.0.1', 'keep-alive'),
        request('evil.example', 'keep-alive'),
        request('127.0.0.1.evil.example', 'close'),
      ].join(''),
    );
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 403',
      'HTTP/1.1 403',
    ]);
  });

  it('closes in spite of clients that hold their connections and answers that never come', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const gateway = await openGateway({
      httpApi: httpApi([httpRoute('$default')]),
      functions: localFunctions({
        echo: () => {
          reached.resolve();
          return promise;
        },
      }),
      limits: { closeGraceMs: 50 },
    });
    const idle = connect(gateway.port, '127.0.0.1');
    const never = fetch(gateway.url).catch(() => 'dropped');
    await reached.promise;
    await gateway.close();
    expect(await never).toBe('dropped');
    await expect(fetch(gateway.url)).rejects.toThrow();
    idle.destroy();
    resolve();
  });
});

describe('CORS', () => {
  const cors = {
    allowOrigins: ['https://shop.example'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization'],
    exposeHeaders: ['x-count'],
    allowCredentials: false,
    maxAgeSeconds: 60,
  };
  const open = () =>
    openGateway({
      httpApi: httpApi([httpRoute('GET /x', { functionArn: 'run' })], { cors }),
      functions: localFunctions({
        run: () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: 'ok' }),
      }),
    });
  const ask = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  });

  it('answers a preflight itself', async () => {
    const gateway = await open();
    const granted = await fetch(`${gateway.url}/x`, ask('https://shop.example'));
    expect(granted.status).toBe(204);
    expect(Object.fromEntries(granted.headers)).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '60',
    });
    const refused = await fetch(`${gateway.url}/x`, ask('https://evil.example'));
    expect(refused.status).toBe(204);
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);
  });

  it("adds its headers to answers, in place of the function's own", async () => {
    const gateway = await open();
    const from = (origin: string) => fetch(`${gateway.url}/x`, { headers: { origin } });
    const allowed = await from('https://shop.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(allowed.headers.get('access-control-expose-headers')).toBe('x-count');
    expect((await from('https://evil.example')).headers.has('access-control-allow-origin')).toBe(false);
  });
});
