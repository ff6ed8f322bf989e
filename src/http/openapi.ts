import { z } from 'zod';
import { errorAnswerSchema } from '../contract/errors.ts';
import type { Access, Route } from './route.ts';

/** JSON, and nothing that changes from one run to the next. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

export interface Operation {
  readonly summary: string;
  /** Who may ask, as the route declares it. */
  readonly 'x-access': Access;
  readonly parameters: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
  readonly requestBody?: object;
  readonly security: readonly object[];
}

/** The API as its routes declare it (OpenAPI 3.1, whose schemas are JSON Schema 2020-12). */
export function openApiOf(routes: readonly Route[]): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Girok',
      version: '1',
      description:
        'Every answer of 400 and above is { error, message, why?, seconds? }, the message in the language of Accept-Language (ko, en). What is not named here is refused. POST, PUT and DELETE take JSON and an Origin of this server.',
    },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-girok' },
        monitor: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Error: schemaOf(errorAnswerSchema, 'output') },
    },
  };
}

function operationOf({ access, summary, input, answer }: Route): Operation {
  const refusal = {
    description: 'Refused',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
  return {
    summary,
    'x-access': access,
    security: access === 'public' ? [] : [access === 'monitor' ? { monitor: [] } : { session: [] }],
    parameters: [...parametersOf(input.params, 'path'), ...parametersOf(input.query, 'query')],
    ...(input.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(input.body, 'input') } },
      },
    }),
    responses: {
      ...(answer === undefined
        ? { 204: { description: 'Done' } }
        : answer === 'raw'
          ? { 200: { description: 'Answered' } }
          : {
              200: {
                description: 'Answered',
                content: { 'application/json': { schema: schemaOf(answer, 'output') } },
              },
            }),
      default: refusal,
    },
  };
}

function parametersOf(schema: z.ZodType, where: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
