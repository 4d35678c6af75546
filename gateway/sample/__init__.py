"""The sample marketplace: `draws` (chance that is the same everywhere), `words`, `people`, `shops`, `orders`, `states`
(the rows), `loading` (how they get into tables) and `marketplace` (all of it).
"""
