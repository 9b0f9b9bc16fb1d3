-- Adoptions of textbooks, undone: who shows which book is forgotten too.

DROP TABLE operations.textbook_catalogue;

DROP TABLE operations.adoption_notice;

DROP TABLE operations.adoption_file;

DROP TABLE operations.textbook_adoption;
