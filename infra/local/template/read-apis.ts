import { functionArnOf, numberOf, objectOf, textMapOf, textOf, textsOf } from './property-readers.ts';
import { readCors } from './read-cors.ts';
import type { Resource } from './scope.ts';
import type { HttpApiDefinition, HttpRoute, WebSocketApiDefinition, WebSocketRoute } from './wiring.ts';

/** HTTP APIs with their routes to functions. */
export function readHttpApis(resources: readonly Resource[]): HttpApiDefinition[] {
  return apisOf(resources, 'HTTP').map((api) => {
    const cors = api.property('CorsConfiguration');
    return {
      ...headOf(api, resources, '$default'),
      routes: routesOf(api, resources).map((route) => readHttpRoute(route, resources)),
      ...(cors === undefined ? {} : { cors: readCors(objectOf(cors)) }),
    };
  });
}

/** WebSocket APIs with their routes to functions. */
export function readWebSocketApis(resources: readonly Resource[]): WebSocketApiDefinition[] {
  return apisOf(resources, 'WEBSOCKET').map((api) => ({
    ...headOf(api, resources, 'live'),
    routeSelectionExpression: textOf(api.property('RouteSelectionExpression'), '$request.body.action'),
    routes: routesOf(api, resources).map((route) => readWebSocketRoute(route, resources)),
  }));
}

function apisOf(resources: readonly Resource[], protocol: string): Resource[] {
  return resources.filter(
    ({ type, property }) => type === 'AWS::ApiGatewayV2::Api' && property('ProtocolType') === protocol,
  );
}

function headOf(api: Resource, resources: readonly Resource[], defaultStage: string) {
  const stage = resources.find(
    ({ type, property }) => type === 'AWS::ApiGatewayV2::Stage' && property('ApiId') === api.ref(),
  );
  return {
    apiId: api.ref(),
    name: textOf(api.property('Name'), api.logicalId),
    stageName: textOf(stage?.property('StageName'), defaultStage),
    stageVariables: textMapOf(stage?.property('StageVariables')),
  };
}

function routesOf(api: Resource, resources: readonly Resource[]): Resource[] {
  return resources.filter(
    ({ type, property }) => type === 'AWS::ApiGatewayV2::Route' && property('ApiId') === api.ref(),
  );
}

function readHttpRoute(route: Resource, resources: readonly Resource[]): HttpRoute {
  const integration = integrationOf(route, resources);
  if (textOf(integration.property('PayloadFormatVersion'), '1.0') !== '2.0')
    throw new Error(`Route ${route.logicalId}: only payload format 2.0 is spoken here`);
  const authorizer = authorizerOf(route, resources);
  const jwt = authorizer && objectOf(authorizer.property('JwtConfiguration'));
  if (authorizer && authorizer.property('AuthorizerType') !== 'JWT')
    throw new Error(`Route ${route.logicalId}: only JWT authorizers guard an HTTP API here`);
  return {
    routeKey: textOf(route.property('RouteKey')),
    functionArn: functionArnOf(integration.property('IntegrationUri')),
    timeoutMs: numberOf(integration.property('TimeoutInMillis'), 30_000),
    ...(jwt === undefined
      ? {}
      : {
          authorizer: {
            issuer: textOf(jwt.Issuer),
            audience: textsOf(jwt.Audience),
            scopes: textsOf(route.property('AuthorizationScopes')),
          },
        }),
  };
}

function readWebSocketRoute(route: Resource, resources: readonly Resource[]): WebSocketRoute {
  const integration = integrationOf(route, resources);
  // unguarded here, it would be guarded only when deployed
  if (authorizerOf(route, resources))
    throw new Error(`Route ${route.logicalId}: no authorizer guards a WebSocket API here`);
  return {
    routeKey: textOf(route.property('RouteKey')),
    functionArn: functionArnOf(integration.property('IntegrationUri')),
    answers: route.property('RouteResponseSelectionExpression') !== undefined,
  };
}

function integrationOf(route: Resource, resources: readonly Resource[]): Resource {
  const id = textOf(route.property('Target')).replace(/^integrations\//, '');
  const integration = resources.find(
    ({ type, scope, logicalId }) =>
      type === 'AWS::ApiGatewayV2::Integration' && scope === route.scope && logicalId === id,
  );
  if (!integration) throw new Error(`Route ${route.logicalId} leads to no integration`);
  const kind = integration.property('IntegrationType');
  if (kind !== 'AWS_PROXY' || integration.property('IntegrationSubtype') !== undefined)
    throw new Error(`Route ${route.logicalId}: only functions can answer a route here, not ${kind}`);
  return integration;
}

function authorizerOf(route: Resource, resources: readonly Resource[]): Resource | undefined {
  const id = route.property('AuthorizerId');
  if (id === undefined) return undefined;
  const authorizer = resources.find(
    ({ type, scope, logicalId }) =>
      type === 'AWS::ApiGatewayV2::Authorizer' && scope === route.scope && logicalId === id,
  );
  if (!authorizer) throw new Error(`Route ${route.logicalId} names no authorizer of its stack: ${id}`);
  return authorizer;
}
