/** The member of this name, which may have dots in it; otherwise what the dots lead to, from map to map. */
export function findByPath(map: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(map, path)) return map[path];
  return path.split('.').reduce<unknown>((value, key) => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMap && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }, map);
}
