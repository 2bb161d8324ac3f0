// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes substitutions
import { expect, test } from 'vitest';
import type { TemplateResource } from '../../../infra/local/template/assembly.ts';
import { arnOf, lambda, wired } from './template-fixture.ts';

const APIS: Record<string, TemplateResource> = {
  F: lambda({
    Environment: {
      Variables: {
        API_URL: { 'Fn::GetAtt': ['Http', 'ApiEndpoint'] },
        SOCKET_URL: {
          'Fn::Join': [
            '',
            ['wss://', { Ref: 'Socket' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/live'],
          ],
        },
        PUSH_URL: { 'Fn::Sub': 'https://${Socket}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live' },
        ISSUER: { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Users}' },
      },
    },
  }),
  Http: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: 'Shop',
      ProtocolType: 'HTTP',
      CorsConfiguration: {
        AllowOrigins: ['https://a'],
        AllowMethods: ['GET'],
        MaxAge: 60,
        AllowCredentials: true,
      },
    },
  },
  HttpStage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Http' }, StageName: '$default', StageVariables: { colour: 'red' } },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Http' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['F', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: { Ref: 'Http' },
      AuthorizerType: 'JWT',
      JwtConfiguration: {
        Audience: [{ Ref: 'Client' }],
        Issuer: { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Users}' },
      },
    },
  },
  Open: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Http' },
      RouteKey: 'GET /health',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Guarded: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Http' },
      RouteKey: '$default',
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: 'Authorizer' },
      AuthorizationScopes: ['read'],
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Socket: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'Live', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.kind' },
  },
  SocketStage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Socket' }, StageName: 'live' },
  },
  SocketIntegration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Socket' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: {
        'Fn::Join': [
          '',
          [
            'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': ['F', 'Arn'] },
            '/invocations',
          ],
        ],
      },
    },
  },
  Connect: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Socket' },
      RouteKey: '$connect',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'SocketIntegration' }]] },
    },
  },
  Users: { Type: 'AWS::Cognito::UserPool' },
  Client: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: { Ref: 'Users' },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      AccessTokenValidity: 15,
      RefreshTokenValidity: 2,
      TokenValidityUnits: { AccessToken: 'minutes' },
    },
  },
  Admins: {
    Type: 'AWS::Cognito::UserPoolGroup',
    Properties: { GroupName: 'admin', UserPoolId: { Ref: 'Users' } },
  },
};
const F = arnOf('lambda', 'function:F');

test('an HTTP API has its routes, authorizers, CORS and stage variables', () => {
  expect(wired(APIS).httpApis).toEqual([
    {
      apiId: 'Http',
      name: 'Shop',
      stageName: '$default',
      stageVariables: { colour: 'red' },
      cors: {
        allowOrigins: ['https://a'],
        allowMethods: ['GET'],
        allowHeaders: [],
        exposeHeaders: [],
        allowCredentials: true,
        maxAgeSeconds: 60,
      },
      routes: [
        { routeKey: 'GET /health', functionArn: F, timeoutMs: 30_000 },
        {
          routeKey: '$default',
          functionArn: F,
          timeoutMs: 30_000,
          authorizer: {
            issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Users',
            audience: ['Client'],
            scopes: ['read'],
          },
        },
      ],
    },
  ]);
});

test('a WebSocket API has its routes, whose functions are inside a longer address', () => {
  expect(wired(APIS).webSocketApis).toEqual([
    {
      apiId: 'Socket',
      name: 'Live',
      stageName: 'live',
      stageVariables: {},
      routeSelectionExpression: '$request.body.kind',
      routes: [{ routeKey: '$connect', functionArn: F, answers: false }],
    },
  ]);
});

test('a user pool has its clients and groups', () => {
  expect(wired(APIS).userPools).toEqual([
    {
      id: 'us-east-1_Users',
      arn: arnOf('cognito-idp', 'userpool/us-east-1_Users'),
      name: 'Users',
      clients: [
        {
          id: 'Client',
          name: 'Client',
          authFlows: ['ALLOW_USER_PASSWORD_AUTH'],
          accessTokenMinutes: 15,
          refreshTokenMinutes: 2 * 1440,
        },
      ],
      groups: ['admin'],
    },
  ]);
});

test('addresses of APIs become local ones, and the issuer stays', () => {
  expect(wired(APIS).functions[0]!.environment).toEqual({
    API_URL: 'http://127.0.0.1:8080',
    SOCKET_URL: 'ws://127.0.0.1:8080/live',
    PUSH_URL: 'http://127.0.0.1:4566/live',
    ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Users',
  });
});

test.each([
  [
    'an integration that is no function',
    'Integration',
    { IntegrationType: 'HTTP_PROXY' },
    /Open.*HTTP_PROXY/,
  ],
  ['the older payload format', 'Integration', { PayloadFormatVersion: '1.0' }, /Open.*payload format 2\.0/],
  [
    'an authorizer that is not there',
    'Guarded',
    { AuthorizerId: 'Gone' },
    /Guarded names no authorizer.*Gone/,
  ],
  ['an authorizer other than JWT', 'Authorizer', { AuthorizerType: 'REQUEST' }, /Guarded.*only JWT/],
  ['a guard on a WebSocket', 'Connect', { AuthorizerId: { Ref: 'Authorizer' } }, /Connect.*no authorizer/],
])('a template is refused by the name of its route for %s', (_name, id, changed, message) => {
  const resource = APIS[id]!;
  const Properties = { ...resource.Properties, ...changed };
  expect(() => wired({ ...APIS, [id]: { ...resource, Properties } })).toThrow(message);
});
