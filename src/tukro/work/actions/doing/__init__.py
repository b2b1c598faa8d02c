"""The worker's verbs from accepting on: handing in and what comes with it, giving back, appealing."""
