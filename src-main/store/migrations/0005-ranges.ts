/** A mark may name a stretch of an episode: from its frame to `last_frame`. Null: a single moment. */
export const ranges = `
ALTER TABLE episode_marks ADD COLUMN last_frame INTEGER CHECK (last_frame > frame);
`
