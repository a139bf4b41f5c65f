"""The only room that talks to Krita: read a region, land a result, know a document."""
