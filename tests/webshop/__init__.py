"""A webshop whose tables nobody made for Veil: names, words, types and schemas of their own, mapped where they are declared."""
