"""The sample marketplace: `draws` (chance that is the same everywhere), `words` and `phrases`, `people`, `writing`, `shops`,
`orders`, `messages`, `publishing`, `disputes`, `complaints`, `browsing`, `behaviour`, `meetings` (the rows), `terms`, `states` and
`legal` (what conditions read), `loading` (how rows get into tables) and `marketplace` (all of it).
"""
