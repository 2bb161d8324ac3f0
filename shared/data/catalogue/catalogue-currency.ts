/**
 * As a value in SQL: the currency of the catalogue's costs and prices. Nobody states it, so it is that of most active
 * suppliers; null where there are none at all.
 */
export const CATALOGUE_CURRENCY = `(SELECT currency
               FROM supplier
              GROUP BY currency
              ORDER BY SUM(is_active) DESC, currency
              LIMIT 1)`;

/**
 * As a value in SQL: what a unit of product `p` costs by the terms `i` of supplier `s`, else by the catalogue, whose cost
 * says nothing to a supplier of another currency; null where nobody has said.
 */
export const SUPPLIED_COST = `COALESCE(i.unit_cost, CASE WHEN s.currency = ${CATALOGUE_CURRENCY} THEN p.cost END)`;
