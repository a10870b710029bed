"""Chat in, chat out: who is it, what is said, which one function of the desk answers it."""
