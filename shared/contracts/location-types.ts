/** What a location is: shelves of ours, a shop, or none that one could walk into, such as goods at a marketplace. */
export const LOCATION_TYPES = ['warehouse', 'store', 'virtual'] as const;
export type LocationType = (typeof LOCATION_TYPES)[number];
