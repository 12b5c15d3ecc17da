import type { InteractionStore, StoredInteraction } from '../interaction-store.ts';
import { SweepingMap } from './sweeping-map.ts';

/** Interactions that end with the process. */
export function createMemoryInteractionStore(): InteractionStore {
  const interactions = new SweepingMap<StoredInteraction>(({ expiresAt }) => expiresAt);

  const find = (id: string, browser: string, now: number): StoredInteraction | undefined => {
    const interaction = interactions.get(id);
    return interaction?.browser === browser && interaction.expiresAt > now ? interaction : undefined;
  };

  return {
    async create(interaction, keep, now) {
      interactions.keep(interaction.id, interaction, now);
      for (const oldest of interactions.keys()) {
        if (interactions.size <= keep) break;
        interactions.delete(oldest);
      }
    },
    async find(id, browser, now) {
      return find(id, browser, now);
    },
    async take(id, browser, now) {
      const interaction = find(id, browser, now);
      if (interaction !== undefined) interactions.delete(id);
      return interaction;
    },
  };
}
