"""The front of the compiler: from a document's text to the fields it selects. The last room that knows GraphQL."""
