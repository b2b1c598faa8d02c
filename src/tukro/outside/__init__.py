"""How the house asks other services over HTTP: payment providers, SMS gateways, the post."""
