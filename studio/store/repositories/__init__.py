"""What is kept, one repository a concept; each is bound to one shop."""
