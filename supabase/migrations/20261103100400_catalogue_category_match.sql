-- Which category free text means.

create type private.category_match as (category_id uuid, subcategory_id uuid);
comment on type private.category_match is
  'A category that fits, and its subcategory when one can be told; both null when none fits.';

create function private.match_category(given text) returns private.category_match
language plpgsql
stable
set search_path = ''
as $$
declare
  v_term constant text := private.category_term(given);
  v_match private.category_match;
begin
  if coalesce(v_term, '') = '' then
    return v_match;
  end if;
  select t.category_id, t.subcategory_id
  into v_match
  from private.category_terms as t
  where t.term = v_term
  order by t.kind, t.position
  limit 1;
  if found then
    return v_match;
  end if;

  select t.category_id, t.subcategory_id
  into v_match
  from private.category_terms as t
  where t.term operator(extensions.%) v_term
    and extensions.similarity(t.term, v_term) >= 0.6
  order by extensions.similarity(t.term, v_term) desc, t.kind, t.position
  limit 1;
  if found then
    return v_match;
  end if;
  return private.match_category_words(v_term);
end;
$$;
comment on function private.match_category(text) is
  'The category that free text means: one of that name, slug or keyword, else one of nearly that name (trigram '
  'similarity 0.6), else the one that most of its words stand for. Null when none fits.';

create function private.match_category_words(term text) returns private.category_match
language sql
stable
set search_path = ''
as $$
  with words as (
    select distinct w.word
    from regexp_split_to_table(match_category_words.term, ' ') as w (word)
    where char_length(w.word) > 2
  ), votes as (
    select distinct on (w.word, t.subcategory_id) w.word, t.category_id, t.subcategory_id, 1.0 / t.kind as weight, t.position
    from words as w
    join private.category_terms as t on t.term in (w.word, rtrim(w.word, 's'), w.word || 's')
    order by w.word, t.subcategory_id, t.kind
  ), best as (
    select v.category_id
    from votes as v
    group by v.category_id
    order by count(distinct v.word) desc, max(v.weight) desc, min(v.position)
    limit 1
  )
  select
    b.category_id,
    (
      select v.subcategory_id
      from votes as v
      where v.category_id = b.category_id
        and v.subcategory_id is not null
      group by v.subcategory_id
      order by count(distinct v.word) desc, max(v.weight) desc, min(v.position)
      limit 1
    )
  from best as b;
$$;
comment on function private.match_category_words(text) is
  'The category that most words of a text stand for, singular or plural; earlier ones win a tie. Null when no word does.';
