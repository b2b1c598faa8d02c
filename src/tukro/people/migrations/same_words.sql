-- The words of a text in one spelling and order: case, signs, order and the script of digits do not count, and
-- words that stand in `without` are left out. '' when nothing is left.
create or replace function people_same_words(p_text text, without text[] default '{}') returns text
language sql immutable parallel safe as $$
  select coalesce(string_agg(word, ' ' order by word), '')
    from (
      select distinct word
        from regexp_split_to_table(
               translate(lower(normalize(p_text, nfkc)), '০১২৩৪৫৬৭৮৯', '0123456789'),
               '[[:space:].,;:/#()''"।_–-]+'
             ) as word
       where word <> '' and word <> all (without)
    ) words
$$;
