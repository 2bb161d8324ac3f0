import * as z from 'zod';
import { FOREIGN_FORMATS } from '../../../shared/contracts/csv/foreign/foreign-formats.ts';
import { TEMPLATES } from '../../../shared/contracts/csv/templates.ts';
import { READERS } from '../roles.ts';
import { route } from '../route.ts';

const columns = z.array(z.string());

export const importFormatRoutes = [
  route({
    method: 'GET',
    path: '/imports/formats',
    summary:
      'Every file that can be imported: templates with their columns, other systems with what shows them',
    roles: READERS,
    answer: z.object({
      templates: z.array(z.object({ name: z.string(), required: columns, optional: columns })),
      /** One of the signatures has to be in the header whole; letter case does not matter. */
      other_systems: z.array(z.object({ name: z.string(), signatures: z.array(columns) })),
    }),
    run: async () => ({
      templates: TEMPLATES.map(({ name, required, optional }) => ({
        name,
        required: [...required],
        optional: [...optional],
      })),
      other_systems: FOREIGN_FORMATS.map(({ name, signatures }) => ({
        name,
        signatures: signatures.map((signature) => [...signature]),
      })),
    }),
  }),
];
