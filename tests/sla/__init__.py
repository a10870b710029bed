"""The rules of the contract, tested without chat, database or waiting."""
