"""The tests: rooms, doors, journeys in a real browser, and the shape of the house."""
