/** Work under way in this process, by key. */
export function createFlights() {
  const underWay = new Map<string, Set<Promise<unknown>>>();

  function track<T>(key: string, work: Promise<T>): Promise<T> {
    const flights = underWay.get(key) ?? new Set();
    underWay.set(key, flights.add(work));
    const land = () => {
      flights.delete(work);
      if (flights.size === 0) underWay.delete(key);
    };
    work.then(land, land);
    return work;
  }

  return {
    track,
    /** Ends when all of this key have ended, well or not, that were under way when it was asked. */
    landed: async (key: string): Promise<void> => void (await Promise.allSettled(underWay.get(key) ?? [])),
    /** The work when all of this key before it have ended: two writes that are told by the same quantities take turns. */
    inTurn: <T>(key: string, work: () => Promise<T>): Promise<T> =>
      track(key, Promise.allSettled([...(underWay.get(key) ?? [])]).then(work)),
  };
}
