import { ImportFormats } from '../../../shared/contracts/api/import.ts';
import { FOREIGN_FORMATS } from '../../../shared/contracts/csv/foreign/foreign-formats.ts';
import { TEMPLATES } from '../../../shared/contracts/csv/templates.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

export const importFormatRoutes = [
  route({
    method: 'GET',
    path: '/imports/formats',
    summary:
      'Every file that can be imported: templates with their columns, other systems with what shows them',
    roles: READERS,
    answer: ImportFormats,
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
