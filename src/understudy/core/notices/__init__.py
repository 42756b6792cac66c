"""Facts and who hears of them: events, webhooks, and the addresses that are told."""
