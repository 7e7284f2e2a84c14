"""Views, a module for each part of the site. Who may use one stands in civic.access.permissions, not here."""
