"""Commands that speak to a server, over `plainchant.client`: this project's own, or Chorus Pro's. None loads Django."""
