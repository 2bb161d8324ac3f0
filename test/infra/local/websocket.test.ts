import { connect } from 'node:net';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewayOptions } from '../../../infra/local/gateway/start-gateway.ts';
import type { WebSocketApiDefinition } from '../../../infra/local/template/wiring.ts';
import { httpApi, httpRoute, openGateway, webSocketApi } from './gateway-fixture.ts';
import { type LocalFunction, localFunctions } from './local-functions.ts';
import { serveEdge } from './serve-edge.ts';

interface SocketEvent {
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly queryStringParameters?: Record<string, string>;
  readonly multiValueQueryStringParameters?: Record<string, string[]>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: Record<string, unknown> & { connectionId: string; routeKey: string };
}

/** A gateway whose WebSocket routes record what they get; `extra` replaces single functions. */
async function openStream(
  routes: readonly string[],
  extra: Readonly<Record<string, LocalFunction>> = {},
  more: Partial<WebSocketApiDefinition> & Pick<Partial<GatewayOptions>, 'limits'> = {},
) {
  const { limits, ...definition } = more;
  const events: SocketEvent[] = [];
  const record: LocalFunction = (event: SocketEvent) => {
    events.push(event);
    return { statusCode: 200 };
  };
  const gateway = await openGateway({
    httpApi: httpApi([httpRoute('GET /x')]),
    webSocketApis: [
      webSocketApi(Object.fromEntries(routes.map((key) => [key, key in extra ? key : 'record'])), definition),
    ],
    functions: localFunctions({ record, echo: () => 'http', ...extra }),
    ...(limits && { limits }),
  });
  return { gateway, events, url: `ws://127.0.0.1:${gateway.port}/live` };
}

/** An open socket that collects what it hears. */
async function openSocket(url: string, options: object = {}, protocols: string[] = []) {
  const socket = new WebSocket(url, protocols, options);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  onTestFinished(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
    socket.once('unexpected-response', (_request, response) =>
      reject(new Error(`refused with ${response.statusCode}`)),
    );
  });
  return { socket, heard, closed };
}

const until = (condition: () => boolean) => expect.poll(condition, { timeout: 20_000 }).toBe(true);

const management = (endpoint: string) =>
  new ApiGatewayManagementApiClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

describe('opening', () => {
  it('tells $connect who comes and by which address', async () => {
    const { events, url } = await openStream(['$connect']);
    await openSocket(`${url}?ticket=a%20b&channels=x&channels=y`, { headers: { 'X-Custom': 'one' } });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      headers: { 'X-Custom': 'one' },
      multiValueHeaders: { 'X-Custom': ['one'] },
      queryStringParameters: { ticket: 'a b', channels: 'y' },
      multiValueQueryStringParameters: { ticket: ['a b'], channels: ['x', 'y'] },
      isBase64Encoded: false,
      requestContext: {
        routeKey: '$connect',
        eventType: 'CONNECT',
        messageDirection: 'IN',
        stage: 'live',
        apiId: 'ws1',
        domainName: '127.0.0.1',
        identity: { sourceIp: '127.0.0.1' },
        connectionId: expect.stringMatching(/^[\w-]{15}=$/),
      },
    });
  });

  it('opens without a $connect route', async () => {
    const { url } = await openStream(['$default']);
    await openSocket(url);
    await openSocket(`${url}/`);
  });

  it('refuses with the status of the function', async () => {
    const { url, events } = await openStream(['$connect', '$disconnect'], {
      $connect: () => ({ statusCode: 401 }),
    });
    await expect(openSocket(url)).rejects.toThrow('401');
    expect(events).toEqual([]);
  });

  it('refuses with 502 when the function fails or answers nonsense', async () => {
    const boom = () => {
      throw new Error('boom');
    };
    for (const $connect of [boom, () => 'yes', () => null]) {
      const { url } = await openStream(['$connect'], { $connect });
      await expect(openSocket(url)).rejects.toThrow('502');
    }
  });

  it('refuses other paths and foreign hosts with 403', async () => {
    const { gateway, url } = await openStream(['$connect']);
    await expect(openSocket(`ws://127.0.0.1:${gateway.port}/other`)).rejects.toThrow('403');
    await expect(openSocket(url, { headers: { host: 'evil.example' } })).rejects.toThrow('403');
  });

  it('takes the subprotocol that the function chose', async () => {
    const { url } = await openStream(['$connect'], {
      $connect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'v2' } }),
    });
    const { socket } = await openSocket(url, {}, ['v1', 'v2']);
    expect(socket.protocol).toBe('v2');
  });

  it('tells $disconnect when the client left before the function had answered', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const { gateway, events } = await openStream(['$connect', '$disconnect'], {
      $connect: async () => {
        asked.resolve();
        await answer.promise;
        return { statusCode: 200 };
      },
    });
    const client = connect(gateway.port, '127.0.0.1');
    const gone = new Promise((resolve) => client.once('close', resolve));
    client.write(
      'GET /live HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await asked.promise;
    client.destroy();
    await gone;
    answer.resolve();
    await until(() => events.length === 1);
    expect(events[0]?.requestContext.routeKey).toBe('$disconnect');
  });

  it('shares its port with the HTTP API', async () => {
    const { gateway, url } = await openStream(['$connect']);
    await openSocket(url);
    expect(await (await fetch(`${gateway.url}/x`)).text()).toBe('http');
    expect((await fetch(`${gateway.url}/live`)).status).toBe(404);
  });
});

describe('messages', () => {
  it('go to the route that the selection expression names, else to $default', async () => {
    const { events, url } = await openStream(['$connect', '$disconnect', '$default', 'subscribe', '7']);
    const { socket } = await openSocket(url);
    const messages: [string, string][] = [
      ['{"action":"subscribe","channel":"orders"}', 'subscribe'],
      ['{"action":7}', '7'],
      ['{"action":"other"}', '$default'],
      ['{"action":{"a":1}}', '$default'],
      ['{"action":"$disconnect"}', '$default'],
      ['no json', '$default'],
    ];
    for (const [index, [message, routeKey]] of messages.entries()) {
      socket.send(message);
      await until(() => events.length === index + 2);
      expect(events.at(-1)).toMatchObject({
        body: message,
        isBase64Encoded: false,
        requestContext: { routeKey, eventType: 'MESSAGE', messageId: expect.any(String) },
      });
    }
    expect(new Set(events.map((event) => event.requestContext.connectionId)).size).toBe(1);
  });

  it('carry binary as base64', async () => {
    const { events, url } = await openStream(['$default']);
    const { socket } = await openSocket(url);
    socket.send(Buffer.from([0, 255]));
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  });

  it('without a route are answered Forbidden', async () => {
    const { url } = await openStream(['subscribe']);
    const { socket, heard } = await openSocket(url);
    socket.send('{}');
    await until(() => heard.length === 1);
    expect(JSON.parse(heard[0]!)).toEqual({
      message: 'Forbidden',
      connectionId: expect.any(String),
      requestId: expect.any(String),
    });
  });

  it('tell the client of a function error, and nothing of an answer without a route response', async () => {
    const { url } = await openStream(['boom', 'quiet'], {
      boom: () => {
        throw new Error('secret detail');
      },
      quiet: () => ({ statusCode: 200, body: 'unheard' }),
    });
    const { socket, heard } = await openSocket(url);
    socket.send('{"action":"quiet"}');
    socket.send('{"action":"boom"}');
    await until(() => heard.length === 1);
    expect(JSON.parse(heard[0]!)).toMatchObject({ message: 'Internal server error' });
    expect(heard[0]).not.toContain('secret');
  });

  it('send the body of an answer back where the route has a response', async () => {
    const routes = [{ routeKey: 'ask', functionArn: 'ask', answers: true }];
    const { url } = await openStream([], { ask: () => ({ statusCode: 200, body: 'heard' }) }, { routes });
    const { socket, heard } = await openSocket(url);
    socket.send('{"action":"ask"}');
    await until(() => heard.length === 1);
    expect(heard).toEqual(['heard']);
  });

  it('may have 128 KB; one byte more closes the connection with 1009', async () => {
    const { events, url } = await openStream(['$default']);
    const { socket, closed } = await openSocket(url);
    socket.send('x'.repeat(128 * 1024));
    await until(() => events.length === 1);
    expect(events[0]?.body).toHaveLength(128 * 1024);
    socket.send('x'.repeat(128 * 1024 + 1));
    expect((await closed).code).toBe(1009);
  });

  it('are taken in a bounded number at once, and all of them in the end', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const { url } = await openStream(
      ['$default'],
      {
        $default: async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running -= 1;
          done += 1;
        },
      },
      { limits: { maxMessagesInFlight: 3 } },
    );
    const { socket } = await openSocket(url);
    for (let i = 0; i < 200; i += 1) socket.send(String(i));
    await until(() => done === 200);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe('the end', () => {
  it('is told to $disconnect with code and reason', async () => {
    const { events, url } = await openStream(['$disconnect']);
    const { socket } = await openSocket(url);
    socket.close(4000, 'enough');
    await until(() => events.length === 1);
    expect(events[0]?.requestContext).toMatchObject({
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      disconnectStatusCode: 4000,
      disconnectReason: 'enough',
    });
  });

  it('comes after the idle limit, and after the life limit however lively the connection is', async () => {
    const idle = await openStream(['$default'], {}, { limits: { webSocketIdleMs: 50 } });
    expect(await (await openSocket(idle.url)).closed).toEqual({ code: 1001, reason: 'Going away' });
    const life = await openStream(['$default'], {}, { limits: { webSocketLifeMs: 300 } });
    const { socket, closed } = await openSocket(life.url);
    const chatter = setInterval(() => socket.send('x'), 20);
    expect((await closed).code).toBe(1001);
    clearInterval(chatter);
  });

  it('comes to every connection when the gateway closes, and each is told to $disconnect', async () => {
    const { gateway, events, url } = await openStream(['$disconnect']);
    const sockets = await Promise.all([openSocket(url), openSocket(url)]);
    await gateway.close();
    for (const { closed } of sockets) expect((await closed).code).toBe(1001);
    expect(events).toHaveLength(2);
  });

  it('does not wait for a client that never answers the close', async () => {
    const { gateway, url } = await openStream(['$disconnect'], {}, { limits: { closeGraceMs: 50 } });
    const { socket, closed } = await openSocket(url);
    socket.pause();
    await gateway.close();
    socket.resume();
    await closed;
  });
});

describe('@connections', () => {
  async function openManaged(more: Parameters<typeof openStream>[2] = {}) {
    const stream = await openStream(['$connect'], {}, more);
    const client = await openSocket(stream.url);
    const ConnectionId = stream.events[0]!.requestContext.connectionId;
    return { ...stream, ...client, ConnectionId };
  }

  it('sends to a connection, through the gateway’s port and through the edge', async () => {
    const { gateway, heard, ConnectionId } = await openManaged();
    const edge = await serveEdge(gateway.connections);
    for (const base of [gateway.url, edge]) {
      const sdk = management(`${base}/live`);
      await sdk.send(new PostToConnectionCommand({ ConnectionId, Data: `{"über":"${base}"}` }));
      await until(() => heard.includes(`{"über":"${base}"}`));
    }
  });

  it('tells about a connection and ends it', async () => {
    const { gateway, closed, ConnectionId } = await openManaged();
    const sdk = management(`${gateway.url}/live`);
    const facts = await sdk.send(new GetConnectionCommand({ ConnectionId }));
    expect(facts.Identity).toMatchObject({ SourceIp: '127.0.0.1' });
    expect(facts.ConnectedAt).toBeInstanceOf(Date);
    expect(facts.LastActiveAt!.getTime()).toBeGreaterThanOrEqual(facts.ConnectedAt!.getTime());
    await sdk.send(new DeleteConnectionCommand({ ConnectionId }));
    await closed;
    await expect(sdk.send(new GetConnectionCommand({ ConnectionId }))).rejects.toBeInstanceOf(GoneException);
  });

  it('answers 410 GoneException for a connection that is gone, never was, or is of another stage', async () => {
    const { gateway, socket, closed, ConnectionId } = await openManaged();
    const post = (stage: string, id: string) =>
      management(`${gateway.url}/${stage}`).send(
        new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }),
      );
    await expect(post('live', 'never=')).rejects.toMatchObject({
      name: 'GoneException',
      $metadata: { httpStatusCode: 410 },
    });
    const edge = await serveEdge(gateway.connections);
    await expect(
      management(`${edge}/other`).send(new PostToConnectionCommand({ ConnectionId, Data: 'x' })),
    ).rejects.toBeInstanceOf(GoneException);
    socket.close();
    await closed;
    await expect(post('live', ConnectionId)).rejects.toBeInstanceOf(GoneException);
  });

  it('answers PayloadTooLargeException above 128 KB', async () => {
    const { gateway, heard, ConnectionId } = await openManaged();
    const sdk = management(`${gateway.url}/live`);
    const post = (size: number) =>
      sdk.send(new PostToConnectionCommand({ ConnectionId, Data: 'x'.repeat(size) }));
    await post(128 * 1024);
    await expect(post(128 * 1024 + 1)).rejects.toBeInstanceOf(PayloadTooLargeException);
    await until(() => heard.length === 1);
  });

  it('counts as activity', async () => {
    const { gateway, ConnectionId } = await openManaged();
    const sdk = management(`${gateway.url}/live`);
    const lastActive = async () =>
      (await sdk.send(new GetConnectionCommand({ ConnectionId }))).LastActiveAt!.getTime();
    const before = await lastActive();
    await until(() => Date.now() > before);
    await sdk.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
    expect(await lastActive()).toBeGreaterThan(before);
  });

  it('refuses who does not sign, as every web page', async () => {
    const { gateway, heard, ConnectionId } = await openManaged();
    const answer = await fetch(`${gateway.url}/live/@connections/${encodeURIComponent(ConnectionId)}`, {
      method: 'POST',
      body: 'x',
    });
    expect([answer.status, await answer.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
    expect(heard).toEqual([]);
  });
});
